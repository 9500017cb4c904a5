import { useInfiniteQuery } from '@tanstack/react-query';

import type { ConversationFilter } from '../api/conversationService';
import { inListOrder } from './cache';
import { conversationsQuery } from './queries';
import { useBeingDeleted } from './useConversationChanges';

/** The conversations of a list, page by page, in the order of the server. */
export function useConversations(filter: ConversationFilter) {
  const query = useInfiniteQuery(conversationsQuery(filter));
  const deleting = useBeingDeleted();
  const items = query.data?.pages.flatMap(({ items }) => items) ?? [];
  // A conversation that moved up while pages were read can be on two of them.
  const unique = [...new Map(items.map((item) => [item.id, item])).values()];
  // One that was just put away is gone from the list before the server has said so.
  const shown = unique.filter(({ id, archived_at }) => (archived_at != null) === filter.archived && !deleting.has(id));
  return { ...query, conversations: inListOrder(shown) };
}
