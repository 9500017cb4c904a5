import { describe, expect, test } from 'vitest';

import { DOWN, problem } from '../test/fixtures';
import { ApiError, isProblem, localProblem, problemCode, problemOf, problemSentences } from './problem';

describe('what a person reads', () => {
  test('is the sentence of the server', () => {
    expect(problemSentences(DOWN)).toEqual(['The database does not answer. Try again in a moment.']);
  });

  test('names each wrong field in words', () => {
    const wrong = problem('invalid', 'Some fields are not valid.', {
      errors: [
        { field: 'content', reason: 'must not be blank' },
        { field: 'title', reason: 'is too long' },
        { field: 'colour', reason: 'is not known' },
      ],
    });
    expect(problemSentences(wrong)).toEqual([
      'Some fields are not valid.',
      'The message must not be blank.',
      'The title is too long.',
      '“colour” is not known.',
    ]);
  });

  test('does not say the same twice', () => {
    const wrong = problem('invalid', '`content` must not be blank.', {
      errors: [{ field: 'content', reason: 'must not be blank' }],
    });
    expect(problemSentences(wrong)).toEqual(['`content` must not be blank.']);
  });
});

test('a kind is named by the last segment of its type', () => {
  expect(problemCode(problem('answer-running', 'x'))).toBe('answer-running');
  expect(new ApiError(localProblem('timeout', 'x')).code).toBe('timeout');
});

test('whatever was thrown, there is a sentence', () => {
  expect(problemOf(new ApiError(DOWN))).toBe(DOWN);
  expect(problemOf(new TypeError('x is undefined')).detail).toMatch(/^Something unexpected happened/);
});

test.each([null, undefined, 'text', 7, {}, { type: '/problems/x' }, { type: 1, detail: 'x' }])(
  '%o is no problem',
  (value) => {
    expect(isProblem(value)).toBe(false);
  },
);
