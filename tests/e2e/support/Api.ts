import { type APIRequestContext, expect } from '@playwright/test';

import { OURS } from './person';

interface Conversation {
  id: string;
  title: string | null;
}

/** The portal's HTTP API, for what a test finds rather than does. */
export class Api {
  readonly #request: APIRequestContext;

  constructor(request: APIRequestContext) {
    this.#request = request;
  }

  async createConversation(data: { title?: string } = {}): Promise<string> {
    const response = await this.#request.post('/api/conversations/', { data, headers: OURS });
    expect(response.status()).toBe(201);
    return ((await response.json()) as Conversation).id;
  }

  async updateConversation(id: string, data: { title?: string; pinned?: boolean }): Promise<void> {
    const response = await this.#request.patch(`/api/conversations/${id}/`, { data, headers: OURS });
    expect(response.status()).toBe(200);
  }

  async deleteConversation(id: string): Promise<void> {
    expect((await this.#request.delete(`/api/conversations/${id}/`, { headers: OURS })).status()).toBe(204);
  }

  /** Says something, whatever becomes of it. */
  async post(conversation_id: string, content: string, headers: Record<string, string> = {}): Promise<number> {
    const data = { conversation_id, content, client_id: crypto.randomUUID() };
    return (await this.#request.post('/api/messages/', { data, headers: { ...OURS, ...headers } })).status();
  }

  /** Says something and waits for the answer's end. */
  async say(conversation_id: string, content: string): Promise<void> {
    expect(await this.post(conversation_id, content, { prefer: 'wait=25' })).toBe(200);
  }

  /** A key for a program, which may read and chat. */
  async createKey(): Promise<string> {
    const data = { name: 'of a test', scopes: ['read', 'chat'] };
    const response = await this.#request.post('/api/auth/api_keys/', { data, headers: OURS });
    expect(response.status()).toBe(201);
    return ((await response.json()) as { key: string }).key;
  }

  /** Opens one socket. */
  async ticket(): Promise<string> {
    const response = await this.#request.post('/api/auth/ws_ticket/', { headers: OURS });
    expect(response.status()).toBe(201);
    return ((await response.json()) as { ticket: string }).ticket;
  }

  /** Leaves nothing. */
  async deleteAll(): Promise<void> {
    for (const archived of [false, true]) {
      for (let left = await this.#list(archived); left.length > 0; left = await this.#list(archived)) {
        for (const { id } of left) {
          await this.deleteConversation(id);
        }
      }
    }
  }

  async #list(archived: boolean): Promise<Conversation[]> {
    const response = await this.#request.get('/api/conversations/', { params: { archived, limit: 100 } });
    return ((await response.json()) as { items: Conversation[] }).items;
  }
}
