import { expect, test } from 'vitest';

import { timeOf } from './time';

const now = new Date(2026, 10, 25, 18, 0);

test('today has a time, another day its date as well', () => {
  expect(timeOf(new Date(2026, 10, 25, 9, 5).toISOString(), now)).toMatch(/^9:05\sAM$/);
  expect(timeOf(new Date(2026, 10, 24, 9, 5).toISOString(), now)).toMatch(/^Nov 24, 2026, 9:05\sAM$/);
});
