/** Values as the server gives them; a test names what matters to it. */
import type { Conversation, Message, MessagePage, ModelList, Problem } from '../api/types';
import type { CreatedFrame, DeltaFrame, EndedFrame, FailedFrame, ThinkingFrame } from '../realtime/frames';

const NOW = '2026-11-25T12:00:00Z';

/** A UUID with this number at its end. */
export function uuid(number: number): string {
  return `0193a000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

export const ID = uuid(1);

export function conversation(changed: Partial<Conversation> = {}): Conversation {
  return {
    id: ID,
    kind: 'chat',
    title: 'Names for a boat',
    title_by: 'user',
    status: 'active',
    summary: null,
    summary_status: 'none',
    topics: [],
    sentiment: null,
    model: null,
    instructions: null,
    leaf_id: null,
    start_timestamp: null,
    end_timestamp: null,
    archived_at: null,
    pinned_at: null,
    created_at: NOW,
    updated_at: NOW,
    version: 1,
    ...changed,
  };
}

function message(changed: Partial<Message>): Message {
  return {
    id: 1,
    conversation_id: ID,
    parent_id: null,
    sender: 'user',
    status: 'complete',
    content: '',
    thinking: null,
    client_id: null,
    model: null,
    finish_reason: null,
    error: null,
    usage: null,
    cost_micros: null,
    last_seq: 0,
    timestamp: NOW,
    created_at: NOW,
    ...changed,
  };
}

export function prompt(changed: Partial<Message> = {}): Message {
  return message({ id: 10, content: 'What shall I call it?', client_id: 'c10', ...changed });
}

export function answer(changed: Partial<Message> = {}): Message {
  return message({
    id: 11,
    parent_id: 10,
    sender: 'assistant',
    content: 'Call it Albatross.',
    model: 'openai/gpt-5-mini',
    finish_reason: 'stop',
    last_seq: 3,
    ...changed,
  });
}

/** An answer of which nothing has been stored yet. */
export function freshAnswer(changed: Partial<Message> = {}): Message {
  return answer({ status: 'streaming', content: '', model: null, finish_reason: null, last_seq: 0, ...changed });
}

export function page(items: Message[], next_cursor: string | null = null): MessagePage {
  return { items, next_cursor };
}

export function problem(code: string, detail: string, changed: Partial<Problem> = {}): Problem {
  return { type: `/problems/${code}`, title: 'It did not work', status: 503, detail, ...changed };
}

export const DOWN = problem('unavailable', 'The database does not answer. Try again in a moment.');

export const MODELS: ModelList = {
  default: 'openai/gpt-5-mini',
  providers: [
    {
      id: 'openai',
      name: 'OpenAI',
      state: 'ready',
      models: [
        { id: 'openai/gpt-5-mini', name: 'GPT-5 mini', context_tokens: 400_000 },
        { id: 'openai/gpt-5', name: 'GPT-5', context_tokens: 400_000 },
      ],
    },
    { id: 'lm_studio', name: 'LM Studio', state: 'unreachable', models: [] },
    { id: 'offline', name: 'Built in', state: 'ready', models: [{ id: 'offline', name: 'Offline' }] },
  ],
};

export const OFFLINE_ONLY: ModelList = {
  default: 'offline',
  providers: [{ id: 'offline', name: 'Built in', state: 'ready', models: [{ id: 'offline', name: 'Offline' }] }],
};

export function created(said: Message, reply_message_id: number, changed: Partial<CreatedFrame> = {}): CreatedFrame {
  return {
    type: 'message.created',
    conversation_id: said.conversation_id,
    message: said,
    reply_message_id,
    ...changed,
  };
}

export function delta(seq: number, offset: number, text: string, message_id = 11): DeltaFrame {
  return { type: 'reply.delta', conversation_id: ID, message_id, seq, offset, text };
}

export function thinking(seq: number, offset: number, text: string, message_id = 11): ThinkingFrame {
  return { type: 'reply.thinking', conversation_id: ID, message_id, seq, offset, text };
}

export function ended(
  length: number,
  last_seq: number,
  status: 'completed' | 'stopped' | 'interrupted' = 'completed',
  reply: Message = answer(),
): EndedFrame {
  const { id, parent_id, model, finish_reason, usage, cost_micros, timestamp } = reply;
  return {
    type: `reply.${status}`,
    conversation_id: reply.conversation_id,
    message: {
      id,
      parent_id,
      status: status === 'completed' ? 'complete' : status,
      model,
      finish_reason,
      usage,
      cost_micros,
      timestamp,
    } as EndedFrame['message'],
    length,
    last_seq,
  };
}

export function failed(why: Problem, message_id = 11): FailedFrame {
  return { type: 'reply.failed', conversation_id: ID, message_id, problem: why, length: 0, last_seq: 0 };
}
