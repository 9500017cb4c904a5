import { describe, expect, test } from 'vitest';

import { answer, DOWN, problem } from '../test/fixtures';
import { outcomeOf } from './outcome';

test('nothing is said of an answer that went well, or is still running', () => {
  expect(outcomeOf(answer())).toBeNull();
  expect(outcomeOf(answer({ status: 'streaming', finish_reason: null }))).toBeNull();
});

describe('a failed answer', () => {
  test('tells the reason and can be asked again', () => {
    expect(outcomeOf(answer({ status: 'failed', error: DOWN }))).toEqual({
      tone: 'danger',
      title: 'It did not work',
      sentences: ['The database does not answer. Try again in a moment.'],
      again: 'Ask again',
    });
  });

  test('names another model as a way out when its provider failed', () => {
    const error = problem('provider-failed', 'The key was refused.');
    expect(outcomeOf(answer({ status: 'failed', error }))?.sentences).toEqual([
      'The key was refused.',
      'Ask again, or choose another model below.',
    ]);
  });

  test('is told even without a reason', () => {
    expect(outcomeOf(answer({ status: 'failed', error: null }))).toMatchObject({
      title: 'The model did not answer',
      sentences: ['It gave no reason.'],
    });
  });
});

test('an answer that was cut off says whether anything is kept', () => {
  expect(outcomeOf(answer({ status: 'interrupted' }))?.sentences).toEqual(['What has arrived is kept.']);
  expect(outcomeOf(answer({ status: 'interrupted', content: '' }))?.sentences).toEqual(['Nothing of it has arrived.']);
  expect(outcomeOf(answer({ status: 'interrupted', error: DOWN }))?.sentences[0]).toBe(DOWN.detail);
});

test('a stopped answer can be asked again', () => {
  expect(outcomeOf(answer({ status: 'stopped' }))).toMatchObject({ tone: 'caution', again: 'Ask again' });
});

test('an answer that the model or its filter ended early says so, and asking again would not help', () => {
  const long = outcomeOf(answer({ finish_reason: 'length' }));
  const filtered = outcomeOf(answer({ finish_reason: 'content_filter' }));
  expect(long?.title).toBe('The answer is as long as the model allows');
  expect(filtered?.title).toBe('The provider’s filter cut the answer');
  expect([long, filtered].every((outcome) => outcome?.again === undefined)).toBe(true);
});
