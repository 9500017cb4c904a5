import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { conversationService, type ConversationFilter } from '../api/conversationService';
import type { Conversation } from '../api/types';
import { transcriptOf } from '../chat/transcript/transcripts';

/** The keys under which conversations are cached. */
export const conversationKeys = {
  lists: ['conversations'] as const,
  list: (filter: ConversationFilter) => ['conversations', filter] as const,
  detail: (id: string) => ['conversation', id] as const,
};

export function conversationsQuery(filter: ConversationFilter) {
  return infiniteQueryOptions({
    queryKey: conversationKeys.list(filter),
    queryFn: ({ pageParam, signal }) => conversationService.list(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    // While somebody types into the search, what was found stays in place of a blink.
    placeholderData: (previous, query) => (query?.queryKey[1].archived === filter.archived ? previous : undefined),
  });
}

/** The conversation's own fields; its messages go to the transcript, which frames change as well. */
export function conversationQuery(id: string) {
  return queryOptions({
    queryKey: conversationKeys.detail(id),
    queryFn: async ({ signal }): Promise<Conversation> => {
      const { messages, ...conversation } = await conversationService.get(id, signal);
      transcriptOf(id).dispatch({ type: 'read', page: messages });
      return conversation;
    },
  });
}
