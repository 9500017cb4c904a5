import { storage } from '../app/storage';
import { localProblem } from '../api/problem';
import type { Prompt } from './prompt';
import type { Refused } from './transcript/state';

/**
 * Keeps the prompt that is under way in this browser, so that closing the tab before the server has confirmed it does not lose it.
 */
export const unconfirmed = {
  /** `null` when none is under way. */
  save(name: string, prompt: Prompt | null): void {
    storage.write(key(name), prompt && JSON.stringify([prompt.client_id, prompt.content]));
  },

  /** What an earlier visit left behind. */
  read(name: string): Refused | null {
    const [client_id, content] = parse(storage.read(key(name)));
    return typeof client_id === 'string' && typeof content === 'string'
      ? { client_id, content, problem: localProblem('network', 'This message was not sent. Send it again.') }
      : null;
  },
};

function key(name: string): string {
  return `recollect.unconfirmed.${name}`;
}

function parse(stored: string | null): unknown[] {
  try {
    const value: unknown = JSON.parse(stored ?? '[]');
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
