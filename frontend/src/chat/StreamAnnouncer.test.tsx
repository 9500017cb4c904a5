import { act, render, screen } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';

import { answer, freshAnswer } from '../test/fixtures';
import { StreamAnnouncer } from './StreamAnnouncer';

beforeEach(() => {
  vi.useFakeTimers();
});

function wait(ms: number): void {
  act(() => void vi.advanceTimersByTime(ms));
}

function said(): string {
  return screen.getByRole('status').textContent;
}

test('an answer is said by whole sentences, each once, and its end is told', () => {
  const { rerender } = render(<StreamAnnouncer answer={freshAnswer()} />);
  rerender(<StreamAnnouncer answer={freshAnswer({ content: 'Call it Wren. It is sm' })} />);
  expect(said()).toBe('');
  wait(1_500);
  expect(said()).toBe('Call it Wren.');
  rerender(<StreamAnnouncer answer={freshAnswer({ content: 'Call it Wren. It is small. ' })} />);
  wait(1_500);
  expect(said()).toBe('It is small.');
  rerender(<StreamAnnouncer answer={answer({ content: 'Call it Wren. It is small. **And quick' })} />);
  expect(said()).toBe('And quick The answer is finished.');
});

test.each([
  ['failed', 'The answer failed.'],
  ['stopped', 'The answer was stopped.'],
  ['interrupted', 'The answer was cut off.'],
] as const)('an answer that %s says so', (status, sentence) => {
  const { rerender } = render(<StreamAnnouncer answer={freshAnswer()} />);
  rerender(<StreamAnnouncer answer={answer({ status, content: '' })} />);
  expect(said()).toBe(sentence);
});

test('what was there before is not read out', () => {
  const { rerender } = render(<StreamAnnouncer answer={answer()} />);
  wait(10_000);
  expect(said()).toBe('');
  rerender(<StreamAnnouncer answer={freshAnswer({ id: 13, content: 'Resumed. ' })} />);
  wait(1_500);
  expect(said()).toBe('');
});
