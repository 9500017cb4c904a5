import { ApiError, localProblem, problemOf } from '../api/problem';
import { messageService } from '../api/messageService';
import type { ErrorFrame } from '../realtime/frames';
import { fits } from '../realtime/frames';
import type { LiveSocket } from '../realtime/LiveSocket';
import type { Outgoing } from './transcript/state';
import type { TranscriptStore } from './transcript/TranscriptStore';

/** How long a prompt waits for a socket that is being opened: without one, the answer's first words would come late. */
const OPENING_MS = 2_500;
/** How long `message.created` may take before the prompt goes over HTTP as well; its id makes twice the same as once. */
const CONFIRMED_MS = 10_000;

/** Brings the prompts of an outbox to the server, over the socket where that works and over HTTP where not. */
export class Delivery {
  readonly #conversationId: string;
  readonly #store: TranscriptStore;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #posting = new Set<string>();
  #socket: LiveSocket | null = null;

  constructor(conversationId: string, store: TranscriptStore) {
    this.#conversationId = conversationId;
    this.#store = store;
  }

  /** From now on over this socket; without one, over HTTP. */
  use(socket: LiveSocket | null): void {
    this.#socket = socket;
  }

  /** Sends what is queued and can be sent now. Call it after each change of the outbox and of the connection. */
  run(): void {
    for (const item of this.#store.state.outbox) {
      if (item.phase === 'queued') {
        this.#start(item);
      }
    }
    this.#forgetConfirmed();
  }

  /** The connection is gone: what was sent over it may not have arrived. */
  connectionLost(): void {
    for (const { client_id, phase } of this.#store.state.outbox) {
      if (phase === 'sending') {
        this.#post(client_id);
      }
    }
  }

  /** The server refused a frame. Without an id it is about the only prompt under way, if there is one. */
  refused({ client_id, problem }: ErrorFrame): void {
    if (client_id !== undefined) {
      this.#refuse(client_id, problem);
    } else {
      // Nobody can tell whether it was stored. Asking again over HTTP finds out.
      this.connectionLost();
    }
  }

  /** Nobody watches any more: what has not arrived goes over HTTP. */
  close(): void {
    this.#socket = null;
    for (const { client_id } of this.#store.state.outbox) {
      this.#post(client_id);
    }
    this.#forgetConfirmed();
  }

  #start({ client_id, content }: Outgoing): void {
    const frame = JSON.stringify({ action: 'sendMessage', client_id, content });
    if (!this.#socket || !fits(frame)) {
      this.#post(client_id);
    } else if (this.#socket.sendText(frame)) {
      this.#store.dispatch({ type: 'sending', client_id });
      this.#after(CONFIRMED_MS, client_id);
    } else if (this.#socket.state.kind === 'connecting') {
      if (!this.#timers.has(client_id)) {
        this.#after(OPENING_MS, client_id);
      }
    } else {
      this.#post(client_id);
    }
  }

  #after(ms: number, client_id: string): void {
    clearTimeout(this.#timers.get(client_id));
    this.#timers.set(
      client_id,
      setTimeout(() => this.#post(client_id), ms),
    );
  }

  #post(client_id: string): void {
    const item = this.#store.state.outbox.find((other) => other.client_id === client_id);
    this.#stopWaiting(client_id);
    if (!item || this.#posting.has(client_id)) {
      return;
    }
    this.#posting.add(client_id);
    this.#store.dispatch({ type: 'sending', client_id });
    messageService
      .create({ conversation_id: this.#conversationId, content: item.content, client_id })
      .then((exchange) => this.#store.dispatch({ type: 'accepted', exchange }))
      .catch((error: unknown) =>
        this.#refuse(
          client_id,
          error instanceof ApiError ? problemOf(error) : localProblem('unexpected', 'The message could not be sent.'),
        ),
      )
      .finally(() => this.#posting.delete(client_id));
  }

  #refuse(client_id: string, problem: ApiError['problem']): void {
    this.#stopWaiting(client_id);
    this.#store.dispatch({ type: 'refused', client_id, problem });
  }

  #stopWaiting(client_id: string): void {
    clearTimeout(this.#timers.get(client_id));
    this.#timers.delete(client_id);
  }

  #forgetConfirmed(): void {
    for (const client_id of this.#timers.keys()) {
      if (!this.#store.state.outbox.some((item) => item.client_id === client_id)) {
        this.#stopWaiting(client_id);
      }
    }
  }
}
