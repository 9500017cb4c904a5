/** Where a scrolled element stands. */
export interface Position {
  top: number;
  height: number;
  viewport: number;
}

/** Nearer to the end than this counts as being there: rounding and rubber bands move it by a few pixels. */
const AT_END_PX = 24;
/** Farther from the end than this, a way back is offered. */
const AWAY_PX = 240;

function distanceFromEnd({ top, height, viewport }: Position): number {
  return Math.max(0, height - viewport - top);
}

/**
 * Whether to go on following the newest text after the reader or the text moved. Only the reader's own way up lets go: the end
 * moving away because text was added does not, and coming back to the end takes hold again.
 */
export function followsAfterScroll(following: boolean, before: Position, now: Position): boolean {
  if (distanceFromEnd(now) <= AT_END_PX) {
    return true;
  }
  // A shrinking text or window moves the position too, without anybody scrolling.
  const movedUp = now.top < before.top - 1 && now.height >= before.height && now.viewport <= before.viewport;
  return following && !movedUp;
}

export function offersReturn(following: boolean, now: Position): boolean {
  return !following && distanceFromEnd(now) > AWAY_PX;
}

/** Where to scroll to, so that what was in view stays there although something was put before it. */
export function topAfterPrepend(before: Position, heightNow: number): number {
  return before.top + (heightNow - before.height);
}
