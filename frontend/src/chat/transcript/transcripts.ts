import { EMPTY, type Transcript } from './state';
import { TranscriptStore } from './TranscriptStore';

/** How many conversations stay at hand, so that going back to one shows it at once. */
const KEPT = 20;

const stores = new Map<string, TranscriptStore>();

/** The transcript of a conversation, which outlives the page that shows it. */
export function transcriptOf(conversationId: string, initial: Transcript = EMPTY): TranscriptStore {
  const store = stores.get(conversationId) ?? new TranscriptStore(initial);
  stores.delete(conversationId);
  stores.set(conversationId, store);
  for (const [id, { state }] of stores) {
    if (stores.size <= KEPT) {
      break;
    }
    // A prompt under way is kept until it has arrived.
    if (state.outbox.length === 0 && state.refused === null) {
      stores.delete(id);
    }
  }
  return store;
}

/** Forgets a deleted conversation. */
export function forgetTranscript(conversationId: string): void {
  stores.delete(conversationId);
}
