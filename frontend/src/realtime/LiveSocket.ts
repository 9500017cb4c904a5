import { isOffline } from '../app/network';
import { backoffMs } from './backoff';
import { type ClientFrame, parseFrame, type ServerFrame } from './frames';
import { Heartbeat } from './Heartbeat';

/** What a person is told about the connection. */
export type ConnectionState =
  | { kind: 'connecting' }
  | { kind: 'live' }
  /** Tries again at this time (milliseconds since the epoch). */
  | { kind: 'reconnecting'; at: number }
  /** There is no network; tries again when the browser says that it is back. */
  | { kind: 'offline' };

export interface LiveSocketEvents {
  onFrame: (frame: ServerFrame) => void;
  /** After each connect; what happened before it must be read over HTTP. */
  onOpen: () => void;
  /** After each attempt or connection that ended without {@link LiveSocket.close}. */
  onLost: () => void;
  onState: (state: ConnectionState) => void;
}

/** How long a connection must hold before the next loss counts as a first one. */
const SETTLED_MS = 10_000;
/** How long a connection may take to open. A network that swallows packets would keep it waiting for minutes. */
const OPENING_MS = 15_000;

/** A WebSocket that comes back by itself until it is closed. */
export class LiveSocket {
  readonly #url: string;
  readonly #events: LiveSocketEvents;
  readonly #heartbeat: Heartbeat;
  #socket: WebSocket | null = null;
  #state: ConnectionState = { kind: 'connecting' };
  #attempt = 0;
  #openedAt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #opening: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(path: string, events: LiveSocketEvents, pingEveryMs = 25_000) {
    this.#url = socketUrl(path);
    this.#events = events;
    this.#heartbeat = new Heartbeat(pingEveryMs, {
      ping: () => void this.send({ action: 'ping' }),
      broken: () => this.#abandon(),
    });
    window.addEventListener('online', this.#onOnline);
    window.addEventListener('offline', this.#onOffline);
    document.addEventListener('visibilitychange', this.#onVisible);
    this.#connect();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** While an answer runs, silence is suspicious sooner. */
  expectFrames(expected: boolean): void {
    this.#heartbeat.expectFrames(expected);
  }

  /** Sends a frame if the connection is open; says whether it did. */
  send(frame: ClientFrame): boolean {
    return this.sendText(JSON.stringify(frame));
  }

  sendText(frame: string): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) {
      return false;
    }
    this.#socket.send(frame);
    return true;
  }

  /** Tries now instead of at the appointed time. */
  retryNow(): void {
    if (!this.#closed && !this.#socket) {
      this.#connect();
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    window.removeEventListener('online', this.#onOnline);
    window.removeEventListener('offline', this.#onOffline);
    document.removeEventListener('visibilitychange', this.#onVisible);
    this.#drop()?.close(1000);
  }

  #connect(): void {
    clearTimeout(this.#retry);
    this.#setState({ kind: 'connecting' });
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    this.#opening = setTimeout(() => this.#abandon(), OPENING_MS);
    socket.onopen = () => {
      clearTimeout(this.#opening);
      this.#openedAt = Date.now();
      this.#heartbeat.start();
      this.#setState({ kind: 'live' });
      this.#events.onOpen();
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      this.#heartbeat.heard();
      const frame = parseFrame(data);
      if (frame) {
        this.#events.onFrame(frame);
      }
    };
    socket.onclose = () => this.#lost();
  }

  /** A socket that is no longer listened to. */
  #drop(): WebSocket | null {
    const socket = this.#socket;
    clearTimeout(this.#opening);
    this.#heartbeat.stop();
    this.#socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
    }
    return socket;
  }

  /** Gives up a connection that seems dead without waiting for its close handshake. */
  #abandon(): void {
    this.#socket?.close();
    this.#lost();
  }

  #lost(): void {
    if (this.#openedAt > 0 && Date.now() - this.#openedAt > SETTLED_MS) {
      this.#attempt = 0;
    }
    this.#openedAt = 0;
    this.#drop();
    if (isOffline()) {
      this.#setState({ kind: 'offline' });
    } else {
      const wait = backoffMs(this.#attempt);
      this.#attempt += 1;
      this.#retry = setTimeout(() => this.#connect(), wait);
      this.#setState({ kind: 'reconnecting', at: Date.now() + wait });
    }
    this.#events.onLost();
  }

  #setState(state: ConnectionState): void {
    this.#state = state;
    this.#events.onState(state);
  }

  readonly #onOnline = () => {
    this.#attempt = 0;
    this.retryNow();
  };

  readonly #onOffline = () => {
    if (!isOffline()) {
      return;
    }
    clearTimeout(this.#retry);
    if (this.#socket) {
      this.#abandon();
    } else {
      this.#setState({ kind: 'offline' });
    }
  };

  /** A laptop that wakes up has a dead connection and timers that stood still. */
  readonly #onVisible = () => {
    if (document.visibilityState === 'visible') {
      this.retryNow();
      this.#heartbeat.probe();
    }
  };
}

function socketUrl(path: string): string {
  const url = new URL(path, window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
