import { QueryClient } from '@tanstack/react-query';
import { beforeEach, describe, expect, test } from 'vitest';

import type { Conversation, ConversationItem, ConversationPage } from '../api/types';
import { conversation, ID, uuid } from '../test/fixtures';
import { applyUpdate, inListOrder, knownConversation, patchConversation } from './cache';
import { conversationKeys } from './queries';

const LIST = conversationKeys.list({ archived: false, q: '' });

let client: QueryClient;

function listed(): ConversationItem[] {
  return client.getQueryData<{ pages: ConversationPage[] }>(LIST)!.pages.flatMap(({ items }) => items);
}

function invalidated(): boolean {
  return client.getQueryState(LIST)!.isInvalidated;
}

beforeEach(() => {
  client = new QueryClient();
  client.setQueryData(conversationKeys.detail(ID), conversation({ version: 3 }));
  client.setQueryData(LIST, {
    pages: [{ items: [conversation({ version: 3 })] }, { items: [conversation({ id: uuid(2), title: 'Other' })] }],
    pageParams: [null, 'next'],
  });
});

describe('a change', () => {
  test('is seen in the page and in the list', () => {
    applyUpdate(client, { type: 'conversation.updated', conversation_id: ID, title: 'Ships', version: 4 });
    expect(client.getQueryData<Conversation>(conversationKeys.detail(ID))?.title).toBe('Ships');
    expect(listed().map(({ title }) => title)).toEqual(['Ships', 'Other']);
    expect(invalidated()).toBe(false);
  });

  test('that is older than what is known is left out', () => {
    applyUpdate(client, { type: 'conversation.updated', conversation_id: ID, title: 'Old', version: 2 });
    expect(listed()[0]?.title).toBe('Names for a boat');
    expect(client.getQueryData<Conversation>(conversationKeys.detail(ID))?.title).toBe('Names for a boat');
  });

  test('of a conversation that no list has makes the lists be read again', () => {
    applyUpdate(client, { type: 'conversation.updated', conversation_id: uuid(9), title: 'Elsewhere', version: 1 });
    expect(invalidated()).toBe(true);
  });

  test('that moves it into the archive makes the lists be read again; one that only says it is not there does not', () => {
    applyUpdate(client, { type: 'conversation.updated', conversation_id: ID, archived_at: null, version: 4 });
    expect(invalidated()).toBe(false);
    applyUpdate(client, { type: 'conversation.updated', conversation_id: ID, archived_at: '2026-11-25T12:00:00Z' });
    expect(invalidated()).toBe(true);
  });

  test('brings nothing into a list that does not belong there', () => {
    patchConversation(client, ID, { title: 'Ships', instructions: 'Be brief.' });
    expect(listed()[0]).toMatchObject({ title: 'Ships', instructions: null });
  });
});

test('a deleted conversation is gone from everywhere', () => {
  applyUpdate(client, { type: 'conversation.updated', conversation_id: ID, deleted: true });
  expect(listed().map(({ id }) => id)).toEqual([uuid(2)]);
  expect(client.getQueryData(conversationKeys.detail(ID))).toBeUndefined();
});

test('what a list says is known, where the conversation itself has not been read', () => {
  expect(knownConversation(client, uuid(2))?.title).toBe('Other');
  expect(knownConversation(client, uuid(9))).toBeUndefined();
});

test('the order is that of the server: pinned, last changed, newest', () => {
  const item = (id: number, updated_at: string, pinned_at: string | null = null) =>
    conversation({ id: uuid(id), updated_at, pinned_at });
  const items = [
    item(1, '2026-01-01T00:00:00Z'),
    item(2, '2026-03-01T00:00:00Z'),
    item(3, '2026-02-01T00:00:00Z', '2026-02-01T00:00:00Z'),
    item(4, '2026-01-01T00:00:00Z'),
  ];
  expect(inListOrder(items).map(({ id }) => id)).toEqual([3, 2, 4, 1].map(uuid));
});
