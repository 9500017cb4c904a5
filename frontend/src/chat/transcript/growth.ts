import type { Message } from '../../api/types';
import { find, place } from './messages';
import { FRESH_STREAM, type GrowthFrame, type Stream, type Transcript } from './state';

/** Adds a frame's text to an answer, or keeps the frame until those before it have come. */
export function grow(state: Transcript, message: Message, frame: GrowthFrame): Transcript {
  const stream = state.streams[message.id] ?? { ...FRESH_STREAM, seen: message.last_seq };
  if (message.status !== 'streaming' || frame.seq <= stream.seen) {
    return state;
  }
  const ahead = [...stream.ahead.filter(({ seq }) => seq !== frame.seq), frame].sort((a, b) => a.seq - b.seq);
  return drain(state, message, { ...stream, ahead });
}

/** Applies the kept frames that are next in turn. */
export function drain(state: Transcript, message: Message, stream: Stream): Transcript {
  let grown = message;
  let { seen } = stream;
  const ahead = stream.ahead.filter(({ seq }) => seq > seen);
  for (let next = ahead[0]; next?.seq === seen + 1; next = ahead[0]) {
    const longer = append(grown, next);
    if (!longer) {
      break;
    }
    grown = longer;
    seen = next.seq;
    ahead.shift();
  }
  return {
    ...state,
    messages: grown === find(state.messages, grown.id) ? state.messages : place(state.messages, grown),
    streams: { ...state.streams, [message.id]: { ...stream, seen, ahead } },
  };
}

/** `null` when text is missing before the frame's. What a checkpoint has brought already is not added again. */
function append(message: Message, frame: GrowthFrame): Message | null {
  const field = frame.type === 'reply.delta' ? 'content' : 'thinking';
  const text = message[field] ?? '';
  if (frame.offset > text.length) {
    return null;
  }
  return { ...message, [field]: text + frame.text.slice(text.length - frame.offset), last_seq: frame.seq };
}
