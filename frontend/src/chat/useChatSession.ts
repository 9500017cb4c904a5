import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';

import { applyUpdate } from '../conversations/cache';
import { conversationKeys } from '../conversations/queries';
import type { ConnectionState } from '../realtime/LiveSocket';
import { ChatSession } from './ChatSession';
import type { Prompt } from './prompt';
import type { Transcript } from './transcript/state';
import { transcriptOf } from './transcript/transcripts';

interface LiveConversation {
  transcript: Transcript;
  connection: ConnectionState;
  send: (prompt: Prompt) => void;
  retryNow: () => void;
}

/** A conversation's messages as they grow. `known` once the server has said that the conversation exists. */
export function useChatSession(conversationId: string, known: boolean): LiveConversation {
  const client = useQueryClient();
  const store = transcriptOf(conversationId);
  const transcript = useSyncExternalStore(store.subscribe, store.snapshot);
  const [connection, setConnection] = useState<ConnectionState>({ kind: 'connecting' });
  const session = useRef<ChatSession>(null);

  useEffect(() => {
    if (!known) {
      return undefined;
    }
    const opened = new ChatSession(conversationId, store, {
      onState: setConnection,
      onConversation: (frame) => applyUpdate(client, frame),
      reread: () => client.invalidateQueries({ queryKey: conversationKeys.detail(conversationId) }),
    });
    session.current = opened;
    return () => {
      session.current = null;
      opened.close();
    };
  }, [client, conversationId, known, store]);

  const send = useCallback((prompt: Prompt) => store.dispatch({ type: 'queued', ...prompt }), [store]);
  const retryNow = useCallback(() => session.current?.retryNow(), []);
  return { transcript, connection, send, retryNow };
}
