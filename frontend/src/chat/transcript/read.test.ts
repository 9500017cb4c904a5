import { expect, test } from 'vitest';

import type { MessagePage } from '../../api/types';
import { answer, delta, freshAnswer, page, prompt } from '../../test/fixtures';
import { reduce } from './reducer';
import { EMPTY, rereadDue, type Transcript } from './state';

function read(from: Transcript, messages: MessagePage): Transcript {
  return reduce(from, { type: 'read', page: messages });
}

function older(from: Transcript, messages: MessagePage): Transcript {
  return reduce(from, { type: 'read-older', page: messages });
}

function ids({ messages }: Transcript): number[] {
  return messages.map(({ id }) => id);
}

const prompts = (...of: number[]) => of.map((id) => prompt({ id, client_id: `c${id}` }));

test('the first read brings the newest messages and where the older ones are', () => {
  const state = read(EMPTY, page(prompts(5, 6), 'before-5'));
  expect(ids(state)).toEqual([5, 6]);
  expect(state.older).toBe('before-5');
});

test('older messages come before, each once, and the way further back is kept', () => {
  const state = older(read(EMPTY, page(prompts(5, 6), 'before-5')), page(prompts(3, 4, 5), 'before-3'));
  expect(ids(state)).toEqual([3, 4, 5, 6]);
  expect(state.older).toBe('before-3');
  expect(older(state, page(prompts(1, 2))).older).toBeNull();
});

test('a page that joins what is there keeps the older messages', () => {
  const long = older(read(EMPTY, page(prompts(5, 6), 'before-5')), page(prompts(3, 4), 'before-3'));
  const again = read(long, page(prompts(5, 6, 7), 'before-5'));
  expect(ids(again)).toEqual([3, 4, 5, 6, 7]);
  expect(again.older).toBe('before-3');
});

test('a page beyond a gap replaces what is there: what lies between would be missing', () => {
  const state = read(read(EMPTY, page(prompts(1, 2))), page(prompts(8, 9), 'before-8'));
  expect(ids(state)).toEqual([8, 9]);
  expect(state.older).toBe('before-8');
});

test('a message that is not in the page any more is gone', () => {
  expect(ids(read(read(EMPTY, page(prompts(5, 6, 7))), page(prompts(5, 7))))).toEqual([5, 7]);
});

test('messages newer than the page stay: the read began before they came', () => {
  const before = read(EMPTY, page(prompts(5, 6, 7)));
  expect(ids(read(before, page(prompts(5, 6))))).toEqual([5, 6, 7]);
});

test('a read that is behind the frames does not take text away', () => {
  const begun = read(EMPTY, page([prompt(), freshAnswer()]));
  const grown = reduce(begun, { type: 'frame', frame: delta(1, 0, 'Call it') });
  const stale = read(grown, page([prompt(), freshAnswer({ content: 'Call', last_seq: 0 })]));
  expect(stale.messages[1]?.content).toBe('Call it');
});

test('a read that is behind the end does not start the answer again', () => {
  const whole = read(EMPTY, page([prompt(), answer()]));
  expect(read(whole, page([prompt(), freshAnswer({ content: 'Call' })])).messages[1]?.status).toBe('complete');
});

test('a checkpoint closes a gap, and the frames that waited follow', () => {
  const begun = read(EMPTY, page([prompt(), freshAnswer()]));
  const gap = reduce(begun, { type: 'frame', frame: delta(3, 8, 'three') });
  expect(rereadDue(gap)).toBe('soon');
  const closed = read(gap, page([prompt(), freshAnswer({ content: 'one two ', last_seq: 2 })]));
  expect(closed.messages[1]?.content).toBe('one two three');
  expect(rereadDue(closed)).toBe('no');
});

test('an answer that is stored whole needs no more frames', () => {
  const begun = read(EMPTY, page([prompt(), freshAnswer()]));
  const gap = reduce(begun, { type: 'frame', frame: delta(3, 8, 'three') });
  const whole = read(gap, page([prompt(), answer({ content: 'one two three' })]));
  expect(whole.streams).toEqual({});
  expect(rereadDue(whole)).toBe('no');
});

test('what has been read confirms what was sent', () => {
  const queued = reduce(EMPTY, { type: 'queued', client_id: 'c10', content: 'x' });
  expect(read(queued, page([prompt(), freshAnswer()])).outbox).toEqual([]);
  expect(read(queued, page([prompt({ client_id: 'other' })])).outbox).toHaveLength(1);
});
