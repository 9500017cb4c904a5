import { ws } from 'msw';
import { expect } from 'vitest';

import type { ClientFrame, ServerFrame } from '../realtime/frames';
import { eventually } from './eventually';
import { server } from './server';

interface Client {
  send: (data: string) => void;
  close: (code?: number) => void;
}

/** The far end of the sockets at one address: says what it heard, and sends what it is told to. */
export class Sockets {
  /** Whether connections are refused, as by a server that is down. */
  refusing = false;
  /** Whether pings are left unanswered, as by a peer that has gone. */
  mute = false;
  /** How many connections were attempted. */
  attempts = 0;
  readonly heard: ClientFrame[] = [];
  readonly #open = new Set<Client>();

  constructor(path: string) {
    server.use(
      linkAt(path).addEventListener('connection', ({ client }) => {
        this.attempts += 1;
        if (this.refusing) {
          client.close(1006);
          return;
        }
        this.#open.add(client);
        client.addEventListener('close', () => this.#open.delete(client));
        client.addEventListener('message', ({ data }) => this.#hear(client, data as string));
      }),
    );
  }

  get connections(): number {
    return this.#open.size;
  }

  /** Waits until somebody is connected. */
  async connected(): Promise<void> {
    await eventually(() => expect(this.connections).toBeGreaterThan(0));
  }

  /** Waits for the frame with this number, of those that are not pings. */
  async said(number = 1): Promise<Extract<ClientFrame, { action: 'sendMessage' }>> {
    const prompts = () => this.heard.filter((frame) => frame.action === 'sendMessage');
    await eventually(() => expect(prompts().length).toBeGreaterThanOrEqual(number));
    return prompts()[number - 1]!;
  }

  send(...frames: ServerFrame[]): void {
    this.sendText(...frames.map((frame) => JSON.stringify(frame)));
  }

  sendText(...frames: string[]): void {
    expect(this.connections, 'somebody to send to').toBeGreaterThan(0);
    for (const client of this.#open) {
      frames.forEach((frame) => client.send(frame));
    }
  }

  /** Ends all connections. */
  drop(code = 1006): void {
    for (const client of this.#open) {
      client.close(code);
    }
    this.#open.clear();
  }

  #hear(client: Client, data: string): void {
    const frame = JSON.parse(data) as ClientFrame;
    this.heard.push(frame);
    if (frame.action === 'ping' && !this.mute) {
      client.send(JSON.stringify({ type: 'pong' } satisfies ServerFrame));
    }
  }
}

const links = new Map<string, ReturnType<typeof ws.link>>();

/** Made once each: a link listens for as long as the process lives. */
function linkAt(path: string): ReturnType<typeof ws.link> {
  const address = `${window.location.origin.replace(/^http/, 'ws')}${path}`;
  const link = links.get(address) ?? ws.link(address);
  links.set(address, link);
  return link;
}
