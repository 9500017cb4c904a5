import { queryOptions } from '@tanstack/react-query';

import { accountService } from '../api/accountService';

/** One key a resource. */
export const accountKeys = {
  me: ['account'],
  status: ['portal-status'],
  sessions: ['sessions'],
  keys: ['api-keys'],
  invitations: ['invitations'],
} as const;

export const accountQuery = queryOptions({ queryKey: accountKeys.me, queryFn: accountService.me, staleTime: 60_000 });
export const statusQuery = queryOptions({ queryKey: accountKeys.status, queryFn: accountService.status });
export const sessionsQuery = queryOptions({ queryKey: accountKeys.sessions, queryFn: accountService.sessions });
export const keysQuery = queryOptions({ queryKey: accountKeys.keys, queryFn: accountService.keys });
export const invitationsQuery = queryOptions({
  queryKey: accountKeys.invitations,
  queryFn: accountService.invitations,
});
