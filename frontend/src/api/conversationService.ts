import { request } from './client';
import type {
  Conversation,
  ConversationChanges,
  ConversationPage,
  ConversationWithMessages,
  MessagePage,
  NewConversation,
} from './types';

/** Which conversations a list shows. */
export interface ConversationFilter {
  archived: boolean;
  /** Words of the title; empty shows all. */
  q: string;
}

/** What can be done with conversations over HTTP. */
export const conversationService = {
  list: ({ archived, q }: ConversationFilter, cursor: string | null, signal?: AbortSignal) =>
    request<ConversationPage>({
      url: '/conversations/',
      params: { limit: 30, ...(archived && { archived }), ...(q && { q }), ...(cursor && { cursor }) },
      ...(signal && { signal }),
    }),

  get: (id: string, signal?: AbortSignal) =>
    request<ConversationWithMessages>({ url: path(id), ...(signal && { signal }) }),

  create: (data: NewConversation) => request<Conversation>({ method: 'POST', url: '/conversations/', data }),

  update: (id: string, data: ConversationChanges) => request<Conversation>({ method: 'PATCH', url: path(id), data }),

  delete: (id: string) => request<undefined>({ method: 'DELETE', url: path(id) }),

  messagesBefore: (id: string, before: string, signal?: AbortSignal) =>
    request<MessagePage>({ url: `${path(id)}messages/`, params: { before }, ...(signal && { signal }) }),
};

function path(id: string): string {
  return `/conversations/${encodeURIComponent(id)}/`;
}
