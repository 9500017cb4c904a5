import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { created, delta, ended, prompt } from '../../test/fixtures';
import { NEW } from './state';
import { TranscriptStore } from './TranscriptStore';

let store: TranscriptStore;
const listener = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  listener.mockReset();
  store = new TranscriptStore(NEW);
  store.dispatch({ type: 'frame', frame: created(prompt(), 11) });
  store.subscribe(listener);
});

afterEach(() => {
  vi.useRealTimers();
});

function receive(...texts: string[]): void {
  texts.forEach((text, index) =>
    store.dispatch({ type: 'frame', frame: delta(index + 1, texts.slice(0, index).join('').length, text) }),
  );
}

test('text that comes faster than it can be painted is published once a frame', () => {
  const before = store.snapshot();
  receive('a', 'b', 'c');
  expect(store.state.messages[1]?.content).toBe('abc');
  expect(store.snapshot()).toBe(before);
  expect(listener).not.toHaveBeenCalled();
  vi.advanceTimersToNextFrame();
  expect(listener).toHaveBeenCalledOnce();
  expect(store.snapshot().messages[1]?.content).toBe('abc');
});

test('the end is published at once, with all the text before it', () => {
  receive('abc');
  store.dispatch({ type: 'frame', frame: ended(3, 1) });
  expect(listener).toHaveBeenCalledOnce();
  expect(store.snapshot().messages[1]).toMatchObject({ content: 'abc', status: 'complete' });
  vi.advanceTimersToNextFrame();
  expect(listener).toHaveBeenCalledOnce();
});

test('what changes nothing is not published', () => {
  store.dispatch({ type: 'refused', client_id: 'nobody', problem: { type: '', title: '', status: 0, detail: '' } });
  expect(listener).not.toHaveBeenCalled();
});

test('a hidden page, which paints no frames, goes on all the same', () => {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  vi.spyOn(window, 'requestAnimationFrame').mockReturnValue(1);
  receive('abc');
  vi.advanceTimersByTime(250);
  expect(listener).toHaveBeenCalledOnce();
});
