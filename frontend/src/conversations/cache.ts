import type { InfiniteData, QueryClient } from '@tanstack/react-query';

import type { Conversation, ConversationItem, ConversationPage } from '../api/types';
import { forgetTranscript } from '../chat/transcript/transcripts';
import type { ConversationUpdatedFrame } from '../realtime/frames';
import { conversationKeys } from './queries';

type Lists = InfiniteData<ConversationPage, string | null>;

/** Puts changed fields wherever the conversation is cached. Says whether a list has it. */
export function patchConversation(client: QueryClient, id: string, changed: Partial<Conversation>): boolean {
  client.setQueryData<Conversation>(conversationKeys.detail(id), (known) =>
    known && !outdated(known, changed) ? { ...known, ...changed } : known,
  );
  let listed = false;
  client.setQueriesData<Lists>({ queryKey: conversationKeys.lists }, (lists) =>
    mapItems(lists, (item) => {
      if (item.id !== id) {
        return item;
      }
      listed = true;
      return outdated(item, changed) ? item : { ...item, ...listFields(changed) };
    }),
  );
  return listed;
}

/** Removes a deleted conversation from every cache. */
export function removeConversation(client: QueryClient, id: string): void {
  forgetTranscript(id);
  client.removeQueries({ queryKey: conversationKeys.detail(id), exact: true });
  client.setQueriesData<Lists>({ queryKey: conversationKeys.lists }, (lists) =>
    mapItems(lists, (item) => (item.id === id ? null : item)),
  );
}

/** Takes over what the server says of a conversation; reads the lists again when it belongs elsewhere in them. */
export function applyUpdate(client: QueryClient, frame: ConversationUpdatedFrame): void {
  const { type: _, conversation_id, deleted, ...changed } = frame;
  if (deleted) {
    removeConversation(client, conversation_id);
    return;
  }
  const listed = patchConversation(client, conversation_id, changed);
  if (!listed || 'archived_at' in changed) {
    void client.invalidateQueries({ queryKey: conversationKeys.lists });
  }
}

/** In the order of the server: pinned first, then last changed. */
export function inListOrder(items: readonly ConversationItem[]): ConversationItem[] {
  return [...items].sort(
    (a, b) =>
      Number(b.pinned_at != null) - Number(a.pinned_at != null) ||
      Date.parse(b.updated_at) - Date.parse(a.updated_at) ||
      (a.id < b.id ? 1 : -1),
  );
}

/** A frame can be older than what a request has brought. */
function outdated(known: { version: number }, changed: Partial<Conversation>): boolean {
  return changed.version !== undefined && changed.version < known.version;
}

function mapItems(
  lists: Lists | undefined,
  change: (item: ConversationItem) => ConversationItem | null,
): Lists | undefined {
  return (
    lists && {
      ...lists,
      pages: lists.pages.map((page) => ({
        ...page,
        items: page.items.map(change).filter((item) => item !== null),
      })),
    }
  );
}

const LIST_FIELDS = [
  'title',
  'status',
  'summary',
  'summary_status',
  'topics',
  'model',
  'archived_at',
  'pinned_at',
  'updated_at',
  'version',
] as const satisfies (keyof ConversationItem)[];

function listFields(changed: Partial<Conversation>): Partial<ConversationItem> {
  return Object.fromEntries(LIST_FIELDS.filter((field) => field in changed).map((field) => [field, changed[field]]));
}
