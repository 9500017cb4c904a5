import type { Message, MessagePage } from '../../api/types';
import { drain } from './growth';
import { find, place } from './messages';
import { FRESH_STREAM, type Transcript } from './state';

/**
 * Takes over the newest messages as the server has them. The read may have begun before frames that are here already: a message
 * never shrinks and an ended answer never runs again.
 */
export function mergeRead(state: Transcript, page: MessagePage): Transcript {
  const first = page.items[0]?.id ?? Infinity;
  const last = page.items.at(-1)?.id ?? 0;
  // Pages read earlier stay if nothing can be missing between them and this one.
  const joined = state.loaded && (page.next_cursor == null || state.messages.some(({ id }) => id === first));
  const kept = state.messages.filter(({ id }) => id > last || (joined && id < first));
  const dropped: Transcript = {
    ...state,
    messages: [...kept, ...state.messages.filter(({ id }) => page.items.some((read) => read.id === id))],
    older: page.next_cursor != null && joined ? state.older : (page.next_cursor ?? null),
    loaded: true,
    unread: state.unread.filter((id) => id > last),
  };
  return mergeMessages(dropped, page.items);
}

/** Takes over single messages as the server has them. */
export function mergeMessages(state: Transcript, read: readonly Message[]): Transcript {
  const confirmed = new Set(read.map(({ client_id }) => client_id));
  const merged: Transcript = {
    ...state,
    messages: place(state.messages, ...read.map((message) => further(message, find(state.messages, message.id)))),
    unread: state.unread.filter((id) => !read.some((message) => message.id === id)),
    outbox: state.outbox.filter(({ client_id }) => !confirmed.has(client_id)),
    refused: state.refused && confirmed.has(state.refused.client_id) ? null : state.refused,
  };
  return read.reduce(mergeStream, merged);
}

/** Puts an older page before what is there. */
export function mergeOlder(state: Transcript, page: MessagePage): Transcript {
  const unknown = page.items.filter(({ id }) => !find(state.messages, id));
  return { ...state, messages: place(state.messages, ...unknown), older: page.next_cursor ?? null };
}

function further(read: Message, known: Message | undefined): Message {
  const stale =
    known && read.status === 'streaming' && (known.status !== 'streaming' || known.last_seq > read.last_seq);
  return stale ? known : read;
}

function mergeStream(state: Transcript, read: Message): Transcript {
  const message = find(state.messages, read.id);
  if (read.status !== 'streaming') {
    const { [read.id]: settled, ...streams } = state.streams;
    return settled ? { ...state, streams } : state;
  }
  if (message?.status !== 'streaming') {
    return state;
  }
  const stream = state.streams[read.id] ?? FRESH_STREAM;
  return drain(state, message, { ...stream, seen: Math.max(stream.seen, message.last_seq) });
}
