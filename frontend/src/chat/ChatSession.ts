import type { ConversationUpdatedFrame, ServerFrame } from '../realtime/frames';
import { type ConnectionState, LiveSocket } from '../realtime/LiveSocket';
import { Delivery } from './Delivery';
import { draftOf } from './DraftStore';
import { type Outgoing, rereadDue, runningAnswer } from './transcript/state';
import type { TranscriptStore } from './transcript/TranscriptStore';
import { unconfirmed } from './unconfirmed';

/** The server stores a running answer about once a second; reading more often brings nothing. */
const REREAD_MS = 1_000;

export interface ChatSessionEvents {
  onState: (state: ConnectionState) => void;
  onConversation: (frame: ConversationUpdatedFrame) => void;
  /** Reads the conversation over HTTP into the transcript; settles when that is done or has failed. */
  reread: () => Promise<unknown>;
}

/** Keeps one conversation live: its socket, its outbox, and reading again whatever frames did not bring. */
export class ChatSession {
  readonly #conversationId: string;
  readonly #store: TranscriptStore;
  readonly #events: ChatSessionEvents;
  readonly #delivery: Delivery;
  readonly #socket: LiveSocket;
  readonly #unsubscribe: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #outbox: readonly Outgoing[] = [];
  #rereading = false;
  #closed = false;

  constructor(conversationId: string, store: TranscriptStore, events: ChatSessionEvents) {
    this.#conversationId = conversationId;
    this.#store = store;
    this.#events = events;
    this.#delivery = new Delivery(conversationId, store);
    this.#socket = new LiveSocket(`/ws/chat/${encodeURIComponent(conversationId)}/`, {
      onFrame: (frame) => this.#receive(frame),
      onState: (state) => events.onState(state),
      onOpen: () => {
        this.#delivery.run();
        this.#reread();
      },
      onLost: () => {
        this.#delivery.connectionLost();
        this.#delivery.run();
        this.#reread();
      },
    });
    this.#delivery.use(this.#socket);
    this.#unsubscribe = store.subscribe(() => this.#onChange());
    this.#restoreUnconfirmed();
    this.#onChange();
  }

  retryNow(): void {
    this.#socket.retryNow();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#unsubscribe();
    this.#socket.close();
    this.#delivery.close();
  }

  #receive(frame: ServerFrame): void {
    if (frame.type === 'pong') {
      return;
    }
    if (frame.type === 'error') {
      this.#delivery.refused(frame);
    } else if (frame.conversation_id !== this.#conversationId) {
      return;
    } else if (frame.type === 'conversation.updated') {
      this.#events.onConversation(frame);
    } else {
      this.#store.dispatch({ type: 'frame', frame });
    }
  }

  /** An earlier visit may have ended before its prompt was confirmed. What has been read says whether it was stored. */
  #restoreUnconfirmed(): void {
    const left = unconfirmed.read(this.#conversationId);
    const { messages, outbox } = this.#store.state;
    if (left && ![...messages, ...outbox].some(({ client_id }) => client_id === left.client_id)) {
      draftOf(this.#conversationId).putBack(left);
    }
  }

  #onChange(): void {
    const { messages, outbox, refused } = this.#store.state;
    if (outbox !== this.#outbox) {
      this.#outbox = outbox;
      unconfirmed.save(this.#conversationId, outbox[0] ?? null);
    }
    if (refused) {
      draftOf(this.#conversationId).putBack(refused);
      this.#store.dispatch({ type: 'taken-back' });
      return;
    }
    draftOf(this.#conversationId).drop(messages);
    this.#delivery.run();
    this.#socket.expectFrames(runningAnswer(this.#store.state) !== undefined);
    this.#schedule();
  }

  /** Without a socket, a running answer is followed by reading it. */
  #schedule(): void {
    const blind = this.#socket.state.kind !== 'live' && runningAnswer(this.#store.state) !== undefined;
    const due = rereadDue(this.#store.state);
    if (this.#closed || this.#rereading || (due === 'no' && !blind)) {
      return;
    }
    if (due === 'now') {
      this.#reread();
    } else {
      this.#timer ??= setTimeout(() => this.#rereadIfDue(), REREAD_MS);
    }
  }

  #rereadIfDue(): void {
    this.#timer = undefined;
    if (rereadDue(this.#store.state) !== 'no' || this.#socket.state.kind !== 'live') {
      this.#reread();
    }
  }

  #reread(): void {
    if (this.#closed) {
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#rereading = true;
    const settled = () => {
      this.#rereading = false;
      // Not at once, even if due: a server that fails should not be asked in a loop.
      if (!this.#closed && rereadDue(this.#store.state) !== 'no') {
        this.#timer ??= setTimeout(() => this.#rereadIfDue(), REREAD_MS);
      } else {
        this.#schedule();
      }
    };
    void this.#events.reread().then(settled, settled);
  }
}
