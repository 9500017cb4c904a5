import { request } from './client';
import type {
  Account,
  AccountChanges,
  ApiKeyList,
  CreatedApiKey,
  CreatedInvitation,
  Deleted,
  InvitationList,
  NewApiKey,
  PortalStatus,
  ResetLink,
  SessionList,
} from './types';

interface Credentials {
  email: string;
  password: string;
}

/** What can be done with accounts over HTTP. */
export const accountService = {
  status: () => request<PortalStatus>({ url: '/auth/setup/' }),
  setUp: (data: Credentials & { code: string }) => request<Account>({ method: 'POST', url: '/auth/setup/', data }),
  register: (data: Credentials & { invitation?: string }) =>
    request<Account>({ method: 'POST', url: '/auth/register/', data }),
  signIn: (data: Credentials) => request<Account>({ method: 'POST', url: '/auth/login/', data }),
  signOut: () => request<undefined>({ method: 'POST', url: '/auth/logout/' }),
  signOutEverywhere: () => request<undefined>({ method: 'POST', url: '/auth/logout_everywhere/' }),
  reset: (data: { token: string; new_password: string }) =>
    request<undefined>({ method: 'POST', url: '/auth/reset/', data }),

  me: () => request<Account>({ url: '/auth/me/' }),
  update: (data: AccountChanges) => request<Account>({ method: 'PATCH', url: '/auth/me/', data }),
  delete: (password: string) => request<Deleted>({ method: 'DELETE', url: '/auth/me/', data: { password } }),
  changePassword: (data: { current_password: string; new_password: string }) =>
    request<undefined>({ method: 'POST', url: '/auth/password/', data }),

  sessions: () => request<SessionList>({ url: '/auth/sessions/' }),
  revokeSession: (id: string) => request<undefined>({ method: 'DELETE', url: `/auth/sessions/${id}/` }),
  keys: () => request<ApiKeyList>({ url: '/auth/api_keys/' }),
  createKey: (data: NewApiKey) => request<CreatedApiKey>({ method: 'POST', url: '/auth/api_keys/', data }),
  revokeKey: (id: string) => request<undefined>({ method: 'DELETE', url: `/auth/api_keys/${id}/` }),

  invitations: () => request<InvitationList>({ url: '/admin/invitations/' }),
  invite: (data: { email?: string; role: 'user' | 'admin' }) =>
    request<CreatedInvitation>({ method: 'POST', url: '/admin/invitations/', data }),
  revokeInvitation: (id: string) => request<undefined>({ method: 'DELETE', url: `/admin/invitations/${id}/` }),
  createResetLink: (email: string) =>
    request<ResetLink>({ method: 'POST', url: '/admin/reset_links/', data: { email } }),
};
