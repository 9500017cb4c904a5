import { expect, test } from 'vitest';

import { CONTENT_LIMIT, lengthNote } from './contentLimit';

test('the limit is the one of the server', () => {
  expect(CONTENT_LIMIT).toBe(100_000);
});

test('nothing is said while there is plenty of room', () => {
  expect(lengthNote(0)).toBeNull();
  expect(lengthNote(89_999)).toBeNull();
});

test('the room that is left is counted near the end', () => {
  expect(lengthNote(90_000)).toEqual({ over: false, text: '10,000 of 100,000 characters left.' });
  expect(lengthNote(100_000)).toEqual({ over: false, text: '0 of 100,000 characters left.' });
});

test('beyond the end it is said by how much to shorten', () => {
  expect(lengthNote(100_001)).toEqual({
    over: true,
    text: 'A message can have 100,000 characters. Shorten it by 1 to send it.',
  });
});
