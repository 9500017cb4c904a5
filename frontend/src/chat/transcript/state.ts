import type { Exchange, Message, MessagePage, Problem } from '../../api/types';
import type { DeltaFrame, Notice, ThinkingFrame, TranscriptFrame } from '../../realtime/frames';
import type { Prompt } from '../prompt';

/** A prompt that the server has not confirmed. */
export interface Outgoing extends Prompt {
  /** `queued` until somebody delivers it. */
  phase: 'queued' | 'sending';
}

/** A prompt that was refused: it goes back to where it was written, and keeps its id in case it was stored after all. */
export interface Refused extends Prompt {
  problem: Problem;
}

export type GrowthFrame = DeltaFrame | ThinkingFrame;

/** How much of a running answer has come. */
export interface Stream {
  /** All frames up to this one are in the message. */
  seen: number;
  /** Frames that came before one that is missing. */
  ahead: readonly GrowthFrame[];
  notice: Notice | null;
  /** The answer has ended and its text here is not all of it. */
  short: boolean;
}

/** What is known of a conversation's messages. */
export interface Transcript {
  /** The shown branch, oldest first. */
  messages: readonly Message[];
  /** Where the messages before the first one are; `null` when there are none. */
  older: string | null;
  /** Whether the newest messages have been read over HTTP. */
  loaded: boolean;
  /** The answers that are not whole, by message id. */
  streams: Readonly<Record<number, Stream>>;
  /** Messages about which a frame told less than there is: without the prompt, its text, or what comes before. */
  unread: readonly number[];
  outbox: readonly Outgoing[];
  refused: Refused | null;
}

export type TranscriptAction =
  | { type: 'read'; page: MessagePage }
  | { type: 'read-older'; page: MessagePage }
  | { type: 'frame'; frame: TranscriptFrame }
  | ({ type: 'queued' } & Prompt)
  | { type: 'sending'; client_id: string }
  | { type: 'accepted'; exchange: Exchange }
  | { type: 'refused'; client_id: string; problem: Problem }
  | { type: 'taken-back' };

export const EMPTY: Transcript = {
  messages: [],
  older: null,
  loaded: false,
  streams: {},
  unread: [],
  outbox: [],
  refused: null,
};

/** A conversation that was created a moment ago: there is nothing to read. */
export const NEW: Transcript = { ...EMPTY, loaded: true };

export const FRESH_STREAM: Stream = { seen: 0, ahead: [], notice: null, short: false };

/** The answer that is being written, if one is. */
export function runningAnswer(transcript: Transcript): Message | undefined {
  return transcript.messages.findLast(({ status }) => status === 'streaming');
}

/**
 * Whether the messages must be read over HTTP. `soon`: something is missing that the next checkpoint, or a frame that is on its
 * way, may bring; `now`: it will not come by itself.
 */
export function rereadDue({ streams, unread }: Transcript): 'now' | 'soon' | 'no' {
  const running = Object.values(streams);
  if (running.some(({ short }) => short)) {
    return 'now';
  }
  return unread.length > 0 || running.some(({ ahead }) => ahead.length > 0) ? 'soon' : 'no';
}
