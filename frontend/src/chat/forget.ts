import { forgetDraft } from './DraftStore';
import { forgetTranscript } from './transcript/transcripts';
import { unconfirmed } from './unconfirmed';

/** Forgets what this browser keeps of a deleted conversation. */
export function forgetConversation(id: string): void {
  forgetTranscript(id);
  forgetDraft(id);
  unconfirmed.save(id, null);
}
