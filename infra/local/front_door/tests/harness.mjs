// A front door before a peer of our own, which stands where the emulator and Vite do. All sockets are real.

import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { WebSocketServer } from 'ws';

import { startFrontDoor } from '../server.mjs';

/** The template whose response headers apply. */
export const TEMPLATE = fileURLToPath(new URL('../../../front-door/template.yaml', import.meta.url));

/** A server that keeps what it is asked, and answers as `answer` and `accept` say. */
export class Peer {
  requests = [];
  upgrades = [];
  connections = new Set();
  answer = (request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  accept = (socket) => socket.on('message', (data) => socket.send(`echo ${data}`));

  /** Listens on a port, or on a free one. */
  async listen(port = 0) {
    const sockets = new WebSocketServer({ noServer: true });
    this.server = createServer((request, response) => {
      this.requests.push(request);
      this.answer(request, response);
    });
    this.server.on('upgrade', (request, socket, head) => {
      this.upgrades.push(request);
      if (this.refuse) {
        socket.end(this.refuse);
      } else {
        sockets.handleUpgrade(request, socket, head, (client) => this.accept(client));
      }
    });
    this.server.on('connection', (socket) => {
      this.connections.add(socket);
      socket.once('close', () => this.connections.delete(socket));
    });
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = this.server.address().port;
    return this;
  }

  /** Ends at once, as a killed process does. */
  async kill() {
    this.connections.forEach((socket) => socket.destroy());
    this.server.close();
    await once(this.server, 'close');
  }
}

/** Starts peer and front door for a test; `pages` is a folder of its own unless said otherwise. */
export async function open(context, { pages, ...more } = {}) {
  const peer = await new Peer().listen();
  const directory = await mkdtemp(join(tmpdir(), 'pages-'));
  const frontDoor = await startFrontDoor({
    port: 0,
    stage: 'local',
    api_url: `http://127.0.0.1:${peer.port}/rest`,
    websocket_url: `ws://127.0.0.1:${peer.port}/sockets`,
    origin_secret: 'the-secret',
    template: TEMPLATE,
    pages: pages?.(peer) ?? { directory },
    ...more,
  });
  context.after(async () => {
    await frontDoor.close();
    await peer.kill().catch(() => {}); // a test may have done so
    await rm(directory, { recursive: true });
  });
  return { peer, directory, url: frontDoor.url, socketUrl: frontDoor.url.replace('http', 'ws') };
}

/** Sends one request with any headers, with `path` exactly as written, and reads the whole answer. */
export async function ask(url, { method = 'GET', headers = {}, body, path } = {}) {
  const request = send(url, { method, headers, ...(path && { path }) });
  request.end(body);
  const [response] = await once(request, 'response');
  const chunks = await response.toArray();
  const text = Buffer.concat(chunks).toString();
  return { status: response.statusCode, headers: response.headers, text, json: () => JSON.parse(text) };
}

/** Waits until the condition holds. */
export async function until(condition, timeoutMs = 5000) {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) {
      throw new Error(`it did not come true: ${condition}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
