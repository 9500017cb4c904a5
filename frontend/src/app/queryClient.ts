import { QueryClient } from '@tanstack/react-query';

import { ApiError } from '../api/problem';

/** Server state. What the person asked for wrongly is not asked again; what failed on the way is. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) =>
          failures < 2 && error instanceof ApiError && (error.problem.status === 0 || error.problem.status >= 500),
        retryDelay: (attempt) => 400 * 2 ** attempt,
        // A browser can be wrong about being offline, and the server may be on this very machine.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
}
