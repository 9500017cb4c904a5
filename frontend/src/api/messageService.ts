import { request } from './client';
import type { Exchange, NewMessage } from './types';

/** Saying something without a socket. */
export const messageService = {
  /** Sending the same `client_id` again returns the first result. */
  create: (data: NewMessage) => request<Exchange>({ method: 'POST', url: '/messages/', data }),
};
