import { storage } from '../app/storage';
import { localProblem } from '../api/problem';
import type { Outgoing, Refused } from './transcript/state';

/**
 * Keeps the prompt that is under way in this browser, so that closing the tab before the server has confirmed it does not lose it.
 */
export const unconfirmed = {
  save(conversationId: string, [first]: readonly Outgoing[]): void {
    storage.write(key(conversationId), first ? JSON.stringify([first.client_id, first.content]) : null);
  },

  /** What an earlier visit left behind. */
  read(conversationId: string): Refused | null {
    const [client_id, content] = parse(storage.read(key(conversationId)));
    return typeof client_id === 'string' && typeof content === 'string'
      ? { client_id, content, problem: localProblem('network', 'This message was not sent. Send it again.') }
      : null;
  },
};

function key(conversationId: string): string {
  return `recollect.unconfirmed.${conversationId}`;
}

function parse(stored: string | null): unknown[] {
  try {
    const value: unknown = JSON.parse(stored ?? '[]');
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
