/* eslint-disable no-restricted-globals -- what the browser keeps is looked at from outside */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { DOWN } from '../test/fixtures';
import { DraftStore, draftOf, forgetDraft } from './DraftStore';

const KEY = 'recollect.draft.test';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test('a draft is kept a moment after the last key', () => {
  const draft = new DraftStore('test');
  draft.write('H');
  vi.advanceTimersByTime(200);
  draft.write('He');
  vi.advanceTimersByTime(299);
  expect(localStorage.getItem(KEY)).toBeNull();
  vi.advanceTimersByTime(1);
  expect(localStorage.getItem(KEY)).toBe('He');
  expect(new DraftStore('test').snapshot().text).toBe('He');
});

test('leaving the page keeps it at once', () => {
  new DraftStore('test').write('Hello');
  window.dispatchEvent(new Event('pagehide'));
  expect(localStorage.getItem(KEY)).toBe('Hello');
});

test('what is taken out to be sent leaves the box and the browser', () => {
  const draft = new DraftStore('test');
  draft.write('Hello');
  const { content, client_id } = draft.take();
  expect(content).toBe('Hello');
  expect(client_id).toMatch(/^[0-9a-f]{32}$/);
  expect(draft.snapshot().text).toBe('');
  vi.runAllTimers();
  expect(localStorage.getItem(KEY)).toBeNull();
});

test('two prompts have two names', () => {
  const draft = new DraftStore('test');
  draft.write('Same');
  const first = draft.take();
  draft.write('Same');
  expect(draft.take().client_id).not.toBe(first.client_id);
});

test('what was refused comes back with the reason, and goes out under the same name', () => {
  const draft = new DraftStore('test');
  draft.putBack({ content: 'Hello', client_id: 'c1', problem: DOWN });
  expect(draft.snapshot()).toEqual({ text: 'Hello', client_id: 'c1', problem: DOWN });
  expect(draft.take()).toEqual({ content: 'Hello', client_id: 'c1' });
});

test('once it has been changed it is another prompt, with another name', () => {
  const draft = new DraftStore('test');
  draft.putBack({ content: 'Hello', client_id: 'c1', problem: DOWN });
  draft.write('Hello!');
  expect(draft.snapshot().problem).toBeNull();
  expect(draft.take().client_id).not.toBe('c1');
});

test('what comes back does not overwrite what has been written since', () => {
  const draft = new DraftStore('test');
  draft.write('Something new');
  draft.putBack({ content: 'Hello', client_id: 'c1', problem: DOWN });
  expect(draft.snapshot()).toEqual({ text: 'Hello\n\nSomething new', client_id: null, problem: DOWN });
});

test('what came back is dropped when it turns out to be stored', () => {
  const draft = new DraftStore('test');
  draft.putBack({ content: 'Hello', client_id: 'c1', problem: DOWN });
  draft.drop([{ client_id: 'other' }, {}]);
  expect(draft.snapshot().text).toBe('Hello');
  draft.drop([{ client_id: 'c1' }]);
  expect(draft.snapshot()).toEqual({ text: '', client_id: null, problem: null });
});

test('a new text is never dropped, whatever is stored', () => {
  const draft = new DraftStore('test');
  draft.write('Hello');
  draft.drop([{ client_id: null }, {}]);
  expect(draft.snapshot().text).toBe('Hello');
});

test('a suggestion fills an empty box, replaces another suggestion and spares what was written', () => {
  const draft = new DraftStore('test');
  draft.suggest('First');
  draft.suggest('Second');
  expect(draft.snapshot().text).toBe('Second');
  draft.write('My own words');
  draft.suggest('Third');
  expect(draft.snapshot().text).toBe('My own words\n\nThird');
});

test('who listens is told of each change', () => {
  const draft = new DraftStore('test');
  const listener = vi.fn();
  const stop = draft.subscribe(listener);
  draft.write('a');
  stop();
  draft.write('b');
  expect(listener).toHaveBeenCalledOnce();
});

test('a conversation has one draft, until it is forgotten', () => {
  const draft = draftOf('test');
  expect(draftOf('test')).toBe(draft);
  draft.write('Hello');
  vi.runAllTimers();
  forgetDraft('test');
  expect(localStorage.getItem(KEY)).toBeNull();
  expect(draftOf('test')).not.toBe(draft);
});
