import { queryOptions } from '@tanstack/react-query';

import { modelService } from '../api/modelService';

/** Providers come and go (a laptop's model server is started), so the list does not stay fresh for long. */
export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => modelService.list(signal),
  staleTime: 30_000,
});
