import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

import { followsAfterScroll, offersReturn, type Position, topAfterPrepend } from './scroll';

interface StickToEnd {
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  /** Whether the reader is far enough from the newest text to be offered the way back. */
  away: boolean;
  toEnd: (behavior?: ScrollBehavior) => void;
}

/**
 * Keeps the newest text in view until the reader scrolls up, and the reader's place when older messages come in above.
 * `firstKey` names the first message.
 */
export function useStickToEnd(firstKey: number | undefined): StickToEnd {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const last = useRef<Position>({ top: 0, height: 0, viewport: 0 });
  const [away, setAway] = useState(false);

  const toEnd = useCallback((behavior: ScrollBehavior = 'instant') => {
    following.current = true;
    setAway(false);
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight, behavior });
  }, []);

  // Before the paint, so that the reader sees no jump.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && !following.current) {
      element.scrollTop = topAfterPrepend(last.current, element.scrollHeight);
    }
  }, [firstKey]);

  useEffect(() => {
    const element = scroller.current;
    const text = content.current;
    if (!element || !text) {
      return undefined;
    }
    const onScroll = () => {
      const now = position(element);
      following.current = followsAfterScroll(following.current, last.current, now);
      last.current = now;
      setAway(offersReturn(following.current, now));
    };
    // The wheel tells what the reader wants before the position does, which growing text keeps moving.
    const onWheel = ({ deltaY }: WheelEvent) => {
      if (deltaY < 0 && element.scrollHeight > element.clientHeight) {
        following.current = false;
      }
    };
    const onResize = () => {
      if (following.current) {
        element.scrollTop = element.scrollHeight;
      }
      last.current = position(element);
      setAway(offersReturn(following.current, last.current));
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    element.addEventListener('wheel', onWheel, { passive: true });
    const observer = new ResizeObserver(onResize);
    observer.observe(element);
    observer.observe(text);
    return () => {
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('wheel', onWheel);
      observer.disconnect();
    };
  }, []);

  return { scroller, content, away, toEnd };
}

function position({ scrollTop, scrollHeight, clientHeight }: HTMLElement): Position {
  return { top: scrollTop, height: scrollHeight, viewport: clientHeight };
}
