import { expect, test } from 'vitest';

import { followsAfterScroll, offersReturn, type Position, topAfterPrepend } from './scroll';

const END: Position = { top: 500, height: 1_000, viewport: 500 };

test('text that is added does not let go of the end', () => {
  expect(followsAfterScroll(true, END, { ...END, height: 1_400 })).toBe(true);
});

test('the reader’s way up does, and coming back takes hold again', () => {
  expect(followsAfterScroll(true, END, { ...END, top: 300 })).toBe(false);
  expect(followsAfterScroll(false, { ...END, top: 300 }, { ...END, top: 400 })).toBe(false);
  expect(followsAfterScroll(false, { ...END, top: 300 }, { ...END, top: 490 })).toBe(true);
});

test('a window that grows or a text that shrinks is nobody’s way up', () => {
  expect(followsAfterScroll(true, END, { top: 300, height: 1_000, viewport: 600 })).toBe(true);
  expect(
    followsAfterScroll(true, { ...END, top: 2_000, height: 2_600 }, { top: 1_500, height: 2_100, viewport: 500 }),
  ).toBe(true);
});

test('the way back is offered to those who are far from the end', () => {
  expect(offersReturn(false, { ...END, top: 200 })).toBe(true);
  expect(offersReturn(false, { ...END, top: 300 })).toBe(false);
  expect(offersReturn(true, { ...END, top: 0 })).toBe(false);
});

test('what was in view stays in view when something comes in above', () => {
  expect(topAfterPrepend({ top: 40, height: 1_000, viewport: 500 }, 1_700)).toBe(740);
});
