import type { Message } from '../../api/types';
import type { CreatedFrame, EndedFrame, FailedFrame, NoticeFrame, TranscriptFrame } from '../../realtime/frames';
import { grow } from './growth';
import { emptyAnswer, find, place } from './messages';
import { mergeMessages, mergeOlder, mergeRead } from './read';
import { FRESH_STREAM, type Transcript, type TranscriptAction } from './state';

/** How a transcript changes. Pure: the same actions give the same transcript, and repeating a frame changes nothing. */
export function reduce(state: Transcript, action: TranscriptAction): Transcript {
  switch (action.type) {
    case 'read':
      return mergeRead(state, action.page);
    case 'read-older':
      return mergeOlder(state, action.page);
    case 'frame':
      return reduceFrame(state, action.frame);
    case 'queued': {
      const { client_id, content } = action;
      return { ...state, refused: null, outbox: [...state.outbox, { client_id, content, phase: 'queued' }] };
    }
    case 'sending':
      return {
        ...state,
        outbox: state.outbox.map((item) =>
          item.client_id === action.client_id ? { ...item, phase: 'sending' as const } : item,
        ),
      };
    case 'accepted':
      return mergeMessages(state, [action.exchange.message, action.exchange.reply]);
    case 'refused': {
      const item = state.outbox.find(({ client_id }) => client_id === action.client_id);
      return item
        ? {
            ...state,
            outbox: state.outbox.filter((other) => other !== item),
            refused: { client_id: item.client_id, content: item.content, problem: action.problem },
          }
        : state;
    }
    case 'taken-back':
      return { ...state, refused: null };
  }
}

function reduceFrame(state: Transcript, frame: TranscriptFrame): Transcript {
  switch (frame.type) {
    case 'message.created':
      return created(state, frame);
    case 'reply.started':
      return onAnswer(state, frame.message_id, frame.conversation_id, (known, message) =>
        message.status === 'streaming' && !message.model
          ? { ...known, messages: place(known.messages, { ...message, model: frame.model }) }
          : known,
      );
    case 'reply.delta':
    case 'reply.thinking':
      return onAnswer(state, frame.message_id, frame.conversation_id, (known, message) => grow(known, message, frame));
    case 'reply.notice':
      return onAnswer(state, frame.message_id, frame.conversation_id, (known, message) => note(known, message, frame));
    case 'reply.completed':
    case 'reply.stopped':
    case 'reply.interrupted':
      return onAnswer(state, frame.message.id, frame.conversation_id, (known, message) =>
        withReason(end(known, { ...message, ...frame.message }, message, frame), frame),
      );
    case 'reply.failed':
      return onAnswer(state, frame.message_id, frame.conversation_id, (known, message) =>
        end(known, { ...message, status: 'failed', error: frame.problem }, message, frame),
      );
  }
}

/** Runs `change` on an answer, which is put in first if no frame has told of it yet: frames of one answer overtake each other. */
function onAnswer(
  state: Transcript,
  id: number,
  conversation_id: string,
  change: (state: Transcript, message: Message) => Transcript,
): Transcript {
  const known = find(state.messages, id);
  if (known) {
    return change(state, known);
  }
  const answer = emptyAnswer(id, conversation_id, new Date(0).toISOString());
  const placed = { ...state, messages: place(state.messages, answer), unread: [...state.unread, id] };
  return change(placed, answer);
}

function created(state: Transcript, { message, reply_message_id, truncated }: CreatedFrame): Transcript {
  const known = find(state.messages, message.id);
  const content = known?.content ?? sentText(state, message) ?? (truncated ? null : message.content);
  const gap = message.parent_id != null && !find(state.messages, message.parent_id);
  const answer = find(state.messages, reply_message_id) ?? {
    ...emptyAnswer(reply_message_id, message.conversation_id, message.created_at),
    parent_id: message.id,
  };
  // The answer's own frames may have come first; what they lacked is here now.
  const unread = state.unread.filter((id) => id !== reply_message_id);
  return {
    ...state,
    messages: place(state.messages, known ?? { ...message, content: content ?? '' }, {
      ...answer,
      parent_id: message.id,
    }),
    unread: !known && (gap || content === null) ? [...unread, message.id] : unread,
    ...withoutOutgoing(state, message),
  };
}

function sentText(state: Transcript, { client_id }: Message): string | undefined {
  return state.outbox.find((item) => item.client_id === client_id)?.content;
}

function withoutOutgoing({ outbox, refused }: Transcript, { client_id }: Message): Partial<Transcript> {
  return {
    outbox: outbox.filter((item) => item.client_id !== client_id),
    refused: refused?.client_id === client_id ? null : refused,
  };
}

function note(state: Transcript, message: Message, { notice, from, to }: NoticeFrame): Transcript {
  if (message.status !== 'streaming') {
    return state;
  }
  const stream = state.streams[message.id] ?? { ...FRESH_STREAM, seen: message.last_seq };
  const told = { ...state, streams: { ...state.streams, [message.id]: { ...stream, notice } } };
  return notice === 'fallback' && from && to
    ? { ...told, messages: place(told.messages, { ...message, model: to, fallback_from: from }) }
    : told;
}

/** Why an answer was cut off is stored with it; its frame says only that it was. */
function withReason(state: Transcript, { type, message }: EndedFrame): Transcript {
  const untold = type === 'reply.interrupted' && !find(state.messages, message.id)?.error;
  return untold && !state.unread.includes(message.id) ? { ...state, unread: [...state.unread, message.id] } : state;
}

/** The row was committed before the frame was sent: what is missing here now is there to be read. */
function end(
  state: Transcript,
  ended: Message,
  before: Message,
  { length, last_seq }: EndedFrame | FailedFrame,
): Transcript {
  if (before.status !== 'streaming') {
    return state;
  }
  const { [ended.id]: stream = { ...FRESH_STREAM, seen: before.last_seq }, ...streams } = state.streams;
  const short = ended.content.length !== length || stream.seen < last_seq;
  return {
    ...state,
    messages: place(state.messages, ended),
    streams: short ? { ...streams, [ended.id]: { ...stream, ahead: [], short } } : streams,
  };
}
