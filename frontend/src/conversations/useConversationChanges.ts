import { useMutation, useQueryClient } from '@tanstack/react-query';

import { conversationService } from '../api/conversationService';
import { problemOf } from '../api/problem';
import type { ConversationChanges } from '../api/types';
import { showToast } from '../components/ui/toasts';
import { patchConversation, removeConversation } from './cache';
import { conversationKeys } from './queries';

interface Change {
  id: string;
  changes: ConversationChanges;
}

/** Changing and deleting conversations: shown at once, taken back with a sentence when the server refuses. */
export function useConversationChanges() {
  const client = useQueryClient();
  const lists = { queryKey: conversationKeys.lists };

  const update = useMutation({
    mutationFn: ({ id, changes }: Change) => conversationService.update(id, changes),
    onMutate: ({ id, changes }) => {
      const { archived, pinned, leaf_id: _, ...fields } = changes;
      const now = new Date().toISOString();
      patchConversation(client, id, {
        ...fields,
        ...(pinned !== undefined && { pinned_at: pinned ? now : null }),
        ...(archived !== undefined && { archived_at: archived ? now : null }),
      });
    },
    onSuccess: (conversation) => void patchConversation(client, conversation.id, conversation),
    onError: (error, { id }) => {
      showToast({ tone: 'error', text: problemOf(error).detail });
      void client.invalidateQueries({ queryKey: conversationKeys.detail(id) });
      void client.invalidateQueries(lists);
    },
    onSettled: (_data, _error, { changes }) => {
      if (changes.archived !== undefined) {
        void client.invalidateQueries(lists);
      }
    },
  });

  const remove = useMutation({
    mutationFn: ({ id }: { id: string }) => conversationService.delete(id),
    onSuccess: (_, { id }) => removeConversation(client, id),
    onError: (error) => showToast({ tone: 'error', text: problemOf(error).detail }),
    onSettled: () => void client.invalidateQueries(lists),
  });

  const archive = (id: string, archived: boolean) => {
    update.mutate(
      { id, changes: { archived } },
      {
        onSuccess: () =>
          showToast({
            tone: 'plain',
            text: archived ? 'Moved to the archive.' : 'Taken out of the archive.',
            action: { label: 'Undo', run: () => update.mutate({ id, changes: { archived: !archived } }) },
          }),
      },
    );
  };

  return { update, remove, archive };
}
