import type { InfiniteData, QueryClient } from '@tanstack/react-query';

import type { Conversation, ConversationItem, ConversationPage } from '../api/types';
import { forgetConversation } from '../chat/forget';
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

/** What is known of a conversation: all of it, or what a list says. */
export function knownConversation(client: QueryClient, id: string): Conversation | ConversationItem | undefined {
  const lists = client.getQueriesData<Lists>({ queryKey: conversationKeys.lists });
  return (
    client.getQueryData<Conversation>(conversationKeys.detail(id)) ??
    lists.flatMap(([, list]) => list?.pages.flatMap(({ items }) => items) ?? []).find((item) => item.id === id)
  );
}

/** Removes a deleted conversation from every cache. A page that shows it asks again, and is told that it is gone. */
export function removeConversation(client: QueryClient, id: string): void {
  forgetConversation(id);
  void client.resetQueries({ queryKey: conversationKeys.detail(id), exact: true });
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
  const known = knownConversation(client, conversation_id);
  const moved = changed.archived_at !== undefined && isArchived(known) !== isArchived(changed);
  const listed = patchConversation(client, conversation_id, changed);
  if (!listed || moved) {
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

function isArchived(conversation: Partial<Conversation> | undefined): boolean {
  return conversation?.archived_at != null;
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
