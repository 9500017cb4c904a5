import type { Message } from '../../api/types';

/** An answer of which nothing but the id is known. */
export function emptyAnswer(id: number, conversation_id: string, at: string): Message {
  return {
    id,
    conversation_id,
    sender: 'assistant',
    status: 'streaming',
    content: '',
    last_seq: 0,
    timestamp: at,
    created_at: at,
  };
}

export function find(messages: readonly Message[], id: number): Message | undefined {
  return messages.find((message) => message.id === id);
}

/** Puts messages in their places; ids grow with time. Where one is there already, it is replaced. */
export function place(messages: readonly Message[], ...placed: Message[]): Message[] {
  const ids = new Set(placed.map(({ id }) => id));
  return [...messages.filter(({ id }) => !ids.has(id)), ...placed].sort((a, b) => a.id - b.id);
}
