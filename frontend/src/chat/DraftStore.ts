import { storage } from '../app/storage';
import type { Problem } from '../api/types';
import { newClientId, type Prompt } from './prompt';
import type { Refused } from './transcript/state';

/** What is being written. */
export interface Draft {
  text: string;
  /** The name under which exactly this text was sent before, if it was: sent again, it is stored once. */
  client_id: string | null;
  /** Why it was not accepted. */
  problem: Problem | null;
}

const EMPTY: Draft = { text: '', client_id: null, problem: null };
const SAVED_AFTER_MS = 300;

/** The text in the box of one conversation, kept in this browser until it is sent. */
export class DraftStore {
  readonly #key: string;
  #draft: Draft;
  #suggested = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(name: string) {
    this.#key = `recollect.draft.${name}`;
    this.#draft = { ...EMPTY, text: storage.read(this.#key) ?? '' };
    window.addEventListener('pagehide', this.#save);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): Draft => this.#draft;

  write(text: string): void {
    this.#set({ ...EMPTY, text });
  }

  /** Puts a text into the box that the person has not written, without losing what they have. */
  suggest(text: string): void {
    const written = this.#draft.text.trim();
    this.write(written === '' || written === this.#suggested ? text : `${written}\n\n${text}`);
    this.#suggested = text;
  }

  /** Takes the text out of the box to send it. */
  take(): Prompt {
    const { text, client_id } = this.#draft;
    this.#set(EMPTY);
    return { content: text, client_id: client_id ?? newClientId() };
  }

  /** Puts a refused prompt back, before whatever has been written since. */
  putBack({ content, client_id, problem }: Refused): void {
    const { text } = this.#draft;
    this.#set(
      text.trim() === ''
        ? { text: content, client_id, problem }
        : { text: `${content}\n\n${text}`, client_id: null, problem },
    );
  }

  /** Drops a text that was put back although it had been stored. */
  drop(stored: readonly { client_id?: string | null }[]): void {
    const { client_id } = this.#draft;
    if (client_id !== null && stored.some((message) => message.client_id === client_id)) {
      this.#set(EMPTY);
    }
  }

  /** Empties the box for good. */
  dispose(): void {
    window.removeEventListener('pagehide', this.#save);
    this.#set(EMPTY);
    this.#save();
  }

  #set(draft: Draft): void {
    this.#draft = draft;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#save, SAVED_AFTER_MS);
    for (const listener of this.#listeners) {
      listener();
    }
  }

  readonly #save = () => {
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      storage.write(this.#key, this.#draft.text || null);
    }
  };
}

const drafts = new Map<string, DraftStore>();

/** The draft of a conversation, or of the one that does not exist yet (`new`). */
export function draftOf(name: string): DraftStore {
  const draft = drafts.get(name) ?? new DraftStore(name);
  drafts.set(name, draft);
  return draft;
}

/** Forgets the draft of a deleted conversation. */
export function forgetDraft(name: string): void {
  draftOf(name).dispose();
  drafts.delete(name);
}
