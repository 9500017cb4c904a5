import { QueryObserver } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';

import { ApiError, localProblem } from '../api/problem';
import { problem } from '../test/fixtures';
import { createQueryClient } from './queryClient';

async function attempts(error: Error): Promise<number> {
  vi.useFakeTimers();
  const queryFn = vi.fn(() => Promise.reject(error));
  const stop = new QueryObserver(createQueryClient(), { queryKey: ['x'], queryFn }).subscribe(() => undefined);
  await vi.advanceTimersByTimeAsync(60_000);
  stop();
  return queryFn.mock.calls.length;
}

test('what failed on the way or in the server is asked again, twice', async () => {
  expect(await attempts(new ApiError(localProblem('network', 'x')))).toBe(3);
  expect(await attempts(new ApiError(problem('unavailable', 'x')))).toBe(3);
});

test('what was asked wrongly is not asked again', async () => {
  expect(await attempts(new ApiError(problem('not-found', 'x', { status: 404 })))).toBe(1);
  expect(await attempts(new TypeError('x'))).toBe(1);
});
