import { expect, test } from 'vitest';

import { backoffMs } from './backoff';

test('doubles with each attempt, up to half a minute', () => {
  const longest = [0, 1, 2, 3, 4, 5, 6, 7, 100].map((attempt) => backoffMs(attempt, () => 1));
  expect(longest).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test('waits between half of that and all of it', () => {
  expect(backoffMs(3, () => 0)).toBe(2_000);
  expect(backoffMs(3, () => 0.5)).toBe(3_000);
});
