import { useMutation } from '@tanstack/react-query';
import { useCallback } from 'react';

import { conversationService } from '../api/conversationService';
import { problemOf } from '../api/problem';
import { transcriptOf } from './transcript/transcripts';

/** Reading the messages before the first one that is shown. */
export interface OlderMessages {
  /** Whether there are any. */
  more: boolean;
  busy: boolean;
  /** Why the last attempt failed. */
  trouble: string | null;
  load: () => void;
}

export function useOlderMessages(conversationId: string, cursor: string | null): OlderMessages {
  const { mutate, isPending, error } = useMutation({
    mutationFn: (before: string) => conversationService.messagesBefore(conversationId, before),
    onSuccess: (page) => transcriptOf(conversationId).dispatch({ type: 'read-older', page }),
  });
  const load = useCallback(() => {
    if (cursor !== null && !isPending) {
      mutate(cursor);
    }
  }, [cursor, isPending, mutate]);
  return { more: cursor !== null, busy: isPending, trouble: error && problemOf(error).detail, load };
}
