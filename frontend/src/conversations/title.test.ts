import { expect, test } from 'vitest';

import { conversationTitle } from './title';

test('a conversation without a title has a name all the same', () => {
  expect(conversationTitle({ title: 'Boats' })).toBe('Boats');
  expect(conversationTitle({ title: null })).toBe('New conversation');
  expect(conversationTitle({})).toBe('New conversation');
});
