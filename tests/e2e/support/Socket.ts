import { WebSocket } from 'ws';

import { cloud } from './cloud';
import type { Frame } from './protocol';

/** A socket of the portal as a program has it. */
export class Socket {
  readonly #socket: WebSocket;
  #since = 0;
  #arrived: () => void = () => undefined;
  /** Everything that came. */
  readonly frames: Frame[] = [];

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      this.frames.push(JSON.parse(data.toString()) as Frame);
      this.#arrived();
    });
    socket.on('close', () => this.#arrived());
  }

  static async open(path: string, ticket: string): Promise<Socket> {
    const socket = new WebSocket(`${cloud.portal_url.replace(/^http/, 'ws')}${path}?ticket=${ticket}`);
    const opened = new Socket(socket);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return opened;
  }

  send(frame: unknown): void {
    this.#since = this.frames.length;
    this.#socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Waits for a frame of one of these types; what came before the last `send` does not count. */
  async until(...types: string[]): Promise<Frame> {
    for (;;) {
      const found = this.frames.slice(this.#since).find(({ type }) => types.includes(String(type)));
      if (found) {
        return found;
      }
      if (this.#socket.readyState !== WebSocket.OPEN) {
        throw new Error(`The socket was closed before ${types.join(' or ')} came: ${JSON.stringify(this.frames)}`);
      }
      await new Promise<void>((resolve) => (this.#arrived = resolve));
    }
  }

  /** Waits until the other side has closed it. */
  async closed(): Promise<void> {
    while (this.#socket.readyState !== WebSocket.CLOSED) {
      await new Promise<void>((resolve) => (this.#arrived = resolve));
    }
  }

  close(): void {
    this.#socket.close();
  }
}
