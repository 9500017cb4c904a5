import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { conversationService } from '../api/conversationService';
import { setOnline } from '../test/browser';
import { answer, conversation, delta, DOWN, ended, freshAnswer, ID, problem, prompt } from '../test/fixtures';
import { Portal } from '../test/portal';
import { turns } from '../test/turns';
import { ChatSession } from './ChatSession';
import { draftOf, forgetDraft } from './DraftStore';
import type { Transcript } from './transcript/state';
import { TranscriptStore } from './transcript/TranscriptStore';
import { unconfirmed } from './unconfirmed';

const MESSAGES = /\/api\/messages\/$/;
const HELLO = { client_id: 'c1', content: 'Hello' };

let portal: Portal;
let store: TranscriptStore;
let session: ChatSession;

/** Lets time pass, and what is on its way arrive. */
async function settle(ms = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await turns();
  await vi.advanceTimersByTimeAsync(0);
}

function open(): ChatSession {
  return new ChatSession(ID, store, {
    onState: vi.fn(),
    onConversation: vi.fn(),
    reread: async () => {
      const { messages } = await conversationService.get(ID);
      store.dispatch({ type: 'read', page: messages });
    },
  });
}

function say(said = HELLO): void {
  store.dispatch({ type: 'queued', ...said });
}

function texts({ messages }: Transcript): string[] {
  return messages.map(({ content }) => content);
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  vi.spyOn(Math, 'random').mockReturnValue(1);
  portal = new Portal();
  portal.keep(conversation());
  store = new TranscriptStore();
  session = open();
  await settle();
});

afterEach(async () => {
  session.close();
  await settle();
  forgetDraft(ID);
  vi.useRealTimers();
});

describe('a prompt', () => {
  test('goes over the socket, and is kept in the browser until it is confirmed', async () => {
    say();
    expect(unconfirmed.read(ID)).toMatchObject(HELLO);
    await settle();
    expect(portal.chat.heard).toEqual([{ action: 'sendMessage', ...HELLO }]);
    portal.accept(HELLO);
    await settle();
    expect(texts(store.state)).toEqual(['Hello', '']);
    expect(unconfirmed.read(ID)).toBeNull();
    expect(portal.requests('POST', MESSAGES)).toEqual([]);
  });

  test('that is too long for a frame goes over HTTP', async () => {
    const long = { client_id: 'c1', content: 'x'.repeat(30_000) };
    say(long);
    await settle();
    expect(portal.chat.heard).toEqual([]);
    expect(portal.requests('POST', MESSAGES)[0]?.body).toEqual({ conversation_id: ID, ...long });
    expect(texts(store.state)).toEqual([long.content, '']);
  });

  test('that stays unconfirmed goes over HTTP as well, under the same name, and is there once', async () => {
    say();
    await settle(9_999);
    expect(portal.requests('POST', MESSAGES)).toEqual([]);
    await settle(1);
    expect(portal.requests('POST', MESSAGES)[0]?.body).toMatchObject(HELLO);
    portal.accept(HELLO);
    await settle();
    expect(texts(store.state)).toEqual(['Hello', '']);
  });

  test('whose connection breaks goes over HTTP', async () => {
    say();
    await settle();
    portal.chat.drop();
    await settle();
    expect(portal.requests('POST', MESSAGES)[0]?.body).toMatchObject(HELLO);
    expect(store.state.outbox).toEqual([]);
  });

  test('waits a moment for a connection that is being made, and no longer', async () => {
    session.close();
    store = new TranscriptStore();
    vi.stubGlobal(
      'WebSocket',
      class {
        static readonly OPEN = 1;
        readonly readyState = 0;
        readonly close = vi.fn();
      },
    );
    session = open();
    say();
    await settle(2_499);
    expect(portal.requests('POST', MESSAGES)).toEqual([]);
    await settle(1);
    expect(portal.requests('POST', MESSAGES)[0]?.body).toMatchObject(HELLO);
  });

  test('that is refused goes back into the box with the reason, and out again under the same name', async () => {
    say();
    await settle();
    const refusal = problem('answer-running', 'An answer is being written. Wait for it.', { status: 409 });
    portal.chat.send({ type: 'error', problem: refusal, client_id: 'c1' });
    await settle();
    expect(store.state.outbox).toEqual([]);
    expect(draftOf(ID).snapshot()).toEqual({ text: 'Hello', client_id: 'c1', problem: refusal });
    expect(draftOf(ID).take()).toEqual(HELLO);
  });

  test('goes over HTTP when the server fails without saying about what', async () => {
    say();
    await settle();
    portal.chat.sendText('{"message":"Internal server error","connectionId":"a","requestId":"b"}');
    await settle();
    expect(portal.requests('POST', MESSAGES)[0]?.body).toMatchObject(HELLO);
  });

  test('that reaches nobody goes back into the box', async () => {
    portal.trouble('POST', MESSAGES, 'unreachable');
    portal.chat.refusing = true;
    portal.chat.drop();
    await settle();
    say();
    await settle();
    expect(draftOf(ID).snapshot()).toMatchObject({ text: 'Hello', client_id: 'c1' });
    expect(draftOf(ID).snapshot().problem?.detail).toMatch(/cannot be reached/);
  });

  test('that came back although it had been stored leaves the box when that is known', async () => {
    portal.trouble('POST', MESSAGES, DOWN);
    portal.chat.refusing = true;
    portal.chat.drop();
    await settle();
    say();
    await settle();
    expect(draftOf(ID).snapshot().text).toBe('Hello');
    portal.keep(conversation(), [prompt({ ...HELLO }), freshAnswer()]);
    portal.chat.refusing = false;
    await settle(2_000);
    expect(texts(store.state)).toEqual(['Hello', '']);
    expect(draftOf(ID).snapshot().text).toBe('');
  });

  test('still under way when the page is left goes over HTTP', async () => {
    say();
    await settle();
    session.close();
    await settle();
    expect(portal.requests('POST', MESSAGES)).toHaveLength(1);
  });

  test('of an earlier visit that was not confirmed comes back into the box', async () => {
    session.close();
    await settle();
    unconfirmed.save(ID, HELLO);
    store = new TranscriptStore();
    session = open();
    expect(draftOf(ID).snapshot()).toMatchObject({ text: 'Hello', client_id: 'c1' });
  });

  test('of an earlier visit that was stored does not', async () => {
    session.close();
    await settle();
    unconfirmed.save(ID, HELLO);
    portal.keep(conversation(), [prompt({ ...HELLO }), answer()]);
    store = new TranscriptStore();
    store.dispatch({ type: 'read', page: (await conversationService.get(ID)).messages });
    session = open();
    expect(draftOf(ID).snapshot().text).toBe('');
  });
});

describe('reading again', () => {
  function reads(): number {
    return portal.requests('GET', /conversations/).length;
  }

  beforeEach(async () => {
    say();
    await settle();
    portal.accept(HELLO);
    await settle();
  });

  test('happens after each connect, because nobody tells again what happened before', async () => {
    const before = reads();
    portal.chat.drop();
    await settle(500);
    expect(reads()).toBeGreaterThan(before);
  });

  test('closes a gap with the next checkpoint', async () => {
    portal.chat.send(delta(1, 0, 'one '), delta(3, 8, 'three'));
    portal.checkpoint(11, { content: 'one two ', last_seq: 2 });
    await settle(20);
    expect(texts(store.state)[1]).toBe('one ');
    await settle(1_000);
    expect(texts(store.state)[1]).toBe('one two three');
  });

  test('brings the whole text at once when the end says that some is missing', async () => {
    portal.chat.send(delta(1, 0, 'one '));
    portal.checkpoint(11, { content: 'one two three', last_seq: 3, status: 'complete' });
    portal.chat.send(ended(13, 3));
    await settle();
    expect(texts(store.state)[1]).toBe('one two three');
  });

  test('does not happen when nothing is missing', async () => {
    const before = reads();
    portal.chat.send(delta(1, 0, 'one'), ended(3, 1));
    await settle(10_000);
    expect(reads()).toBe(before);
  });

  test('follows a running answer while there is no socket', async () => {
    portal.chat.refusing = true;
    portal.chat.drop();
    // Each attempt to connect reads as well; by now they are half a minute apart.
    await settle(70_000);
    portal.checkpoint(11, { content: 'one ', last_seq: 1 });
    await settle(1_000);
    expect(texts(store.state)[1]).toBe('one ');
    portal.checkpoint(11, { content: 'one two', last_seq: 2, status: 'complete' });
    await settle(1_000);
    expect(store.state.messages[1]).toMatchObject({ content: 'one two', status: 'complete' });
  });

  test('does not hurry a server that fails', async () => {
    portal.trouble('GET', /conversations/, DOWN);
    const before = reads();
    portal.chat.send(ended(13, 3));
    await settle(5_000);
    expect(reads() - before).toBeGreaterThan(2);
    expect(reads() - before).toBeLessThan(8);
  });

  test('stops when the page is left', async () => {
    portal.chat.send(delta(3, 8, 'three'));
    await settle();
    session.close();
    await settle();
    const before = reads();
    await settle(60_000);
    expect(reads()).toBe(before);
  });
});

test('frames of another conversation are not ours', async () => {
  say();
  await settle();
  portal.accept(HELLO);
  portal.chat.send({ ...delta(1, 0, 'elsewhere'), conversation_id: 'another' });
  await settle(20);
  expect(texts(store.state)).toEqual(['Hello', '']);
});

test('without a network nothing is lost: the prompt is in the box', async () => {
  portal.trouble('POST', MESSAGES, 'unreachable');
  setOnline(false);
  say();
  await settle();
  expect(draftOf(ID).snapshot()).toMatchObject({ text: 'Hello', client_id: 'c1' });
});
