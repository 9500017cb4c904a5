import { expect, test } from 'vitest';

import type { ConversationItem } from '../api/types';
import { conversation } from '../test/fixtures';
import { groupByDay } from './days';

const now = new Date(2026, 10, 25, 0, 30);

function at(...date: [number, number, number, number?, number?]): ConversationItem {
  return conversation({ updated_at: new Date(...date).toISOString() });
}

function headings(...items: ConversationItem[]): string[] {
  return groupByDay(items, now).map(({ heading }) => heading);
}

test('a day is a day of the calendar, not 24 hours', () => {
  expect(headings(at(2026, 10, 25, 0, 10), at(2026, 10, 24, 23, 50))).toEqual(['Today', 'Yesterday']);
});

test('older ones are gathered by week, month and name of the month', () => {
  const items = [
    at(2026, 10, 23),
    at(2026, 10, 18),
    at(2026, 10, 17),
    at(2026, 9, 26),
    at(2026, 9, 25),
    at(2025, 9, 25),
  ];
  expect(headings(...items)).toEqual(['Last 7 days', 'Last 30 days', 'October 2026', 'October 2025']);
});

test('a clock that is behind the server’s does not make a tomorrow', () => {
  expect(headings(at(2026, 10, 26))).toEqual(['Today']);
});

test('pinned ones have a heading of their own, whatever their day', () => {
  const pinned = { ...at(2020, 0, 1), pinned_at: now.toISOString() };
  const groups = groupByDay([pinned, at(2026, 10, 25), at(2026, 10, 25)], now);
  expect(groups.map(({ heading, items }) => [heading, items.length])).toEqual([
    ['Pinned', 1],
    ['Today', 2],
  ]);
});

test('an hour that is skipped in spring does not move a day', () => {
  // In zones with summer time this day has 23 hours.
  const spring = new Date(2026, 2, 29, 23, 0);
  const before = conversation({ updated_at: new Date(2026, 2, 28, 1, 0).toISOString() });
  expect(groupByDay([before], spring)[0]?.heading).toBe('Yesterday');
});
