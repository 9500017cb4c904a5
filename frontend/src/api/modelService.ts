import { request } from './client';
import type { ModelList } from './types';

/** The models that can be chosen. */
export const modelService = {
  list: (signal?: AbortSignal) => request<ModelList>({ url: '/models/', ...(signal && { signal }) }),
};
