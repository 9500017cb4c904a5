const FIRST_MS = 500;
const CAP_MS = 30_000;

/**
 * How long to wait before attempt number `attempt` (from 0): doubling up to half a minute, with jitter, so that the browsers
 * that lost a server together do not come back together.
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(CAP_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return Math.round(ceiling / 2 + (random() * ceiling) / 2);
}
