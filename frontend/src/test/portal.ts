import { delay, http, HttpResponse, type JsonBodyType } from 'msw';
import { expect } from 'vitest';

import type { Conversation, ConversationItem, Message, MessagePage, ModelList, Problem } from '../api/types';
import { conversation, created, freshAnswer, ID, MODELS, page, prompt, uuid } from './fixtures';
import { eventually } from './eventually';
import { server } from './server';
import { Sockets } from './sockets';

interface Asked {
  method: string;
  path: string;
  body: unknown;
}

/** The portal as the pages see it: keeps conversations, answers requests, and leaves it to the test what the sockets say. */
export class Portal {
  models: ModelList = MODELS;
  /** Stands in for all messages of a conversation, where it is too long to be told at once. */
  firstPage: MessagePage | null = null;
  /** What comes before. */
  olderPage: MessagePage = page([]);
  readonly asked: Asked[] = [];
  /** Of the conversation {@link ID}. */
  readonly chat = new Sockets('/ws/chat/:id/');
  /** Of the account. */
  readonly account = new Sockets('/ws/');
  readonly #conversations = new Map<string, Conversation>();
  readonly #messages = new Map<string, Message[]>();
  #troubles: { method: string; path: RegExp; trouble: Problem | 'unreachable' | 'slow' }[] = [];

  constructor() {
    server.use(
      http.all('/api/*', async ({ request }) => {
        const { pathname, search, searchParams } = new URL(request.url);
        const text = await request.text();
        const body: unknown = text === '' ? undefined : JSON.parse(text);
        this.asked.push({ method: request.method, path: pathname + search, body });
        const match = this.#troubles.find(({ method, path }) => method === request.method && path.test(pathname));
        if (match?.trouble === 'slow') {
          await delay('infinite');
        } else if (match?.trouble === 'unreachable') {
          return HttpResponse.error();
        } else if (match) {
          return refuse(match.trouble);
        }
        return this.#answer(request.method, pathname, searchParams, (body ?? {}) as Record<string, unknown>);
      }),
    );
  }

  /** Puts a conversation there. */
  keep(kept: Conversation, messages: Message[] = []): Conversation {
    this.#conversations.set(kept.id, kept);
    this.#messages.set(kept.id, messages);
    return kept;
  }

  /** As if it had been deleted somewhere else. */
  forget(id: string): void {
    this.#conversations.delete(id);
  }

  messagesOf(id: string = ID): Message[] {
    return this.#messages.get(id) ?? [];
  }

  conversation(id: string = ID): Conversation | undefined {
    return this.#conversations.get(id);
  }

  /** From now on, such requests are refused, do not arrive, or are not answered. */
  trouble(method: string, path: RegExp, trouble: Problem | 'unreachable' | 'slow'): void {
    this.#troubles.unshift({ method, path, trouble });
  }

  /** Everything works again. */
  recover(): void {
    this.#troubles = [];
  }

  requests(method: string, path: RegExp): Asked[] {
    return this.asked.filter((asked) => asked.method === method && path.test(asked.path));
  }

  /** Waits for such a request. */
  async request(method: string, path: RegExp): Promise<Asked> {
    await eventually(() => expect(this.requests(method, path)).not.toEqual([]));
    return this.requests(method, path).at(-1)!;
  }

  /** Stores a prompt with its empty answer and says so, as the server does with what comes over the socket. */
  accept({ client_id, content }: { client_id: string; content: string }, id: string = ID): Message {
    const exchange = this.#store(id, client_id, content);
    this.chat.send(created(exchange.message, exchange.reply.id));
    return exchange.reply;
  }

  /** Changes what is stored of a message, as a checkpoint does. */
  checkpoint(message_id: number, changed: Partial<Message>, id: string = ID): void {
    this.#messages.set(
      id,
      this.messagesOf(id).map((message) => (message.id === message_id ? { ...message, ...changed } : message)),
    );
  }

  #store(id: string, client_id: string, content: string): { message: Message; reply: Message } {
    const messages = this.messagesOf(id);
    const known = messages.find((message) => message.client_id === client_id);
    if (known) {
      return { message: known, reply: messages.find(({ parent_id }) => parent_id === known.id)! };
    }
    const last = messages.at(-1)?.id ?? 9;
    const message = prompt({
      id: last + 1,
      conversation_id: id,
      client_id,
      content,
      parent_id: messages.at(-1)?.id ?? null,
    });
    const reply = freshAnswer({ id: last + 2, conversation_id: id, parent_id: message.id });
    this.#messages.set(id, [...messages, message, reply]);
    return { message, reply };
  }

  #answer(method: string, path: string, query: URLSearchParams, body: Record<string, unknown>): Response {
    if (path === '/api/models/') {
      return json(this.models);
    }
    if (path === '/api/messages/') {
      const { conversation_id, client_id, content } = body as Record<string, string>;
      return json(this.#store(conversation_id!, client_id!, content!), 202);
    }
    if (path === '/api/conversations/') {
      return method === 'POST' ? this.#create(body) : this.#list(query);
    }
    if (path.endsWith('/messages/')) {
      return json(this.olderPage);
    }
    const [, id = ''] = /^\/api\/conversations\/([^/]+)\/$/.exec(path) ?? [];
    const known = this.#conversations.get(id);
    if (!known) {
      return refuse({
        type: '/problems/not-found',
        title: 'Not found',
        status: 404,
        detail: 'There is no such conversation.',
      });
    }
    switch (method) {
      case 'PATCH':
        return this.#update(known, body);
      case 'DELETE':
        this.#conversations.delete(id);
        return new HttpResponse(null, { status: 204 });
      default:
        return json({ ...known, messages: this.firstPage ?? page(this.messagesOf(id)) });
    }
  }

  #create(body: Record<string, unknown>): Response {
    return json(this.keep(conversation({ id: uuid(this.#conversations.size + 1), title: null, ...body })), 201);
  }

  #update(known: Conversation, { archived, pinned, ...fields }: Record<string, unknown>): Response {
    const now = new Date().toISOString();
    const changed = {
      ...known,
      ...fields,
      ...(archived !== undefined && { archived_at: archived ? now : null }),
      ...(pinned !== undefined && { pinned_at: pinned ? now : null }),
      version: known.version + 1,
    };
    this.#conversations.set(known.id, changed);
    return json(changed);
  }

  #list(query: URLSearchParams): Response {
    const words = query.get('q')?.toLowerCase() ?? '';
    const items = [...this.#conversations.values()]
      .filter(({ archived_at }) => (archived_at != null) === (query.get('archived') === 'true'))
      .filter(({ title }) => (title ?? '').toLowerCase().includes(words))
      .sort((a, b) => b.updated_at.localeCompare(a.updated_at));
    const from = Number(query.get('cursor') ?? 0);
    const size = 20;
    return json({
      items: items.slice(from, from + size) satisfies ConversationItem[],
      next_cursor: items.length > from + size ? String(from + size) : null,
    });
  }
}

function json(body: JsonBodyType | object, status = 200): Response {
  return HttpResponse.json(body as JsonBodyType, { status });
}

function refuse(trouble: Problem): Response {
  return HttpResponse.json(trouble, {
    status: trouble.status,
    headers: { 'content-type': 'application/problem+json' },
  });
}
