/** What goes over the WebSocket in both directions (protocol version 1). */
import { isProblem } from '../api/problem';
import type { Conversation, Message, Problem } from '../api/types';

/** The most that a frame may be, in bytes of UTF-8 as serialised. Longer prompts go over HTTP. */
export const FRAME_LIMIT = 24 * 1024;

export type ClientFrame =
  { action: 'sendMessage'; client_id: string; content: string; model?: string } | { action: 'ping' };

/** Why an answer takes longer or knows less than one might expect. */
export type Notice = 'trimmed' | 'retrying' | 'fallback';

interface Growth {
  conversation_id: string;
  message_id: number;
  /** Counts the frames of this answer from 1. */
  seq: number;
  /** Where `text` begins, in UTF-16 code units: an index into a JavaScript string. */
  offset: number;
  text: string;
}

export interface DeltaFrame extends Growth {
  type: 'reply.delta';
}

export interface ThinkingFrame extends Growth {
  type: 'reply.thinking';
}

/** An answer without its text, which has been sent already. */
export type AnswerState = Pick<
  Message,
  | 'id'
  | 'parent_id'
  | 'status'
  | 'model'
  | 'finish_reason'
  | 'usage'
  | 'cost_micros'
  | 'notices'
  | 'fallback_from'
  | 'timestamp'
>;

export interface EndedFrame {
  type: 'reply.completed' | 'reply.stopped' | 'reply.interrupted';
  conversation_id: string;
  message: AnswerState;
  /** The whole text, in UTF-16 code units. */
  length: number;
  last_seq: number;
}

export interface FailedFrame {
  type: 'reply.failed';
  conversation_id: string;
  message_id: number;
  problem: Problem;
  length: number;
  last_seq: number;
}

export interface CreatedFrame {
  type: 'message.created';
  conversation_id: string;
  message: Message;
  /** Set when the prompt is too long to be repeated; its `content` is empty then. */
  truncated?: boolean;
  reply_message_id: number;
}

export interface StartedFrame {
  type: 'reply.started';
  conversation_id: string;
  message_id: number;
  model: string;
}

export interface NoticeFrame {
  type: 'reply.notice';
  conversation_id: string;
  message_id: number;
  notice: Notice;
  /** For `fallback`: the model that did not answer, and the one that is asked in its place. */
  from?: string;
  to?: string;
}

/** Only the fields that changed are there. */
export type ConversationUpdatedFrame = {
  type: 'conversation.updated';
  conversation_id: string;
  deleted?: boolean;
} & Partial<Omit<Conversation, 'id'>>;

export interface ErrorFrame {
  type: 'error';
  conversation_id?: string;
  problem: Problem;
  client_id?: string;
}

/** The frames that tell how a conversation grows. */
export type TranscriptFrame =
  CreatedFrame | StartedFrame | DeltaFrame | ThinkingFrame | NoticeFrame | EndedFrame | FailedFrame;

export type ServerFrame =
  TranscriptFrame | ConversationUpdatedFrame | ErrorFrame | { type: 'pong'; conversation_id?: string };

const TYPES = new Set<string>([
  'message.created',
  'reply.started',
  'reply.delta',
  'reply.thinking',
  'reply.notice',
  'reply.completed',
  'reply.stopped',
  'reply.interrupted',
  'reply.failed',
  'conversation.updated',
  'error',
  'pong',
] satisfies ServerFrame['type'][]);

/**
 * Reads a frame; `null` for one of a kind that this page does not know, which a newer server may send.
 * The gateway's own error frame, which has no `type`, becomes an `error` without a `client_id`.
 */
export function parseFrame(data: unknown): ServerFrame | null {
  if (typeof data !== 'string') {
    return null;
  }
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) {
    return null;
  }
  if (!('type' in value)) {
    return 'message' in value && 'requestId' in value ? { type: 'error', problem: GATEWAY_FAILED } : null;
  }
  if (typeof value.type !== 'string' || !TYPES.has(value.type)) {
    return null;
  }
  if (value.type === 'error' && !('problem' in value && isProblem(value.problem))) {
    return null;
  }
  return value as ServerFrame;
}

const GATEWAY_FAILED: Problem = {
  type: '/problems/local/gateway',
  title: 'The server failed',
  status: 500,
  detail: 'The server failed to handle the message. Try again in a moment.',
};

/** Whether a frame fits the socket. */
export function fits(frame: string): boolean {
  // A UTF-16 code unit is at most three bytes of UTF-8: most prompts need no counting.
  return frame.length * 3 <= FRAME_LIMIT || new TextEncoder().encode(frame).length <= FRAME_LIMIT;
}
