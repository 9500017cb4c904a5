import { useMutation, useMutationState, useQueryClient } from '@tanstack/react-query';

import { conversationService } from '../api/conversationService';
import { problemOf } from '../api/problem';
import type { Conversation, ConversationChanges } from '../api/types';
import { showToast } from '../components/ui/toasts';
import { knownConversation, patchConversation, removeConversation } from './cache';
import { conversationKeys } from './queries';

interface Change {
  id: string;
  changes: ConversationChanges;
}

const DELETE = ['delete-conversation'] as const;

/** Changing and deleting conversations: shown at once, taken back with a sentence when the server refuses. */
export function useConversationChanges() {
  const client = useQueryClient();
  const lists = { queryKey: conversationKeys.lists };

  const update = useMutation({
    mutationFn: ({ id, changes }: Change) => conversationService.update(id, changes),
    onMutate: ({ id, changes }) => {
      const wanted = asFields(changes);
      const known: Partial<Conversation> = knownConversation(client, id) ?? {};
      patchConversation(client, id, wanted);
      return {
        before: Object.fromEntries(Object.keys(wanted).map((field) => [field, known[field as keyof Conversation]])),
      };
    },
    onSuccess: (conversation) => void patchConversation(client, conversation.id, conversation),
    onError: (error, { id }, kept) => {
      // Not by reading it again alone: what refused the change may be a server that cannot be reached.
      patchConversation(client, id, kept?.before ?? {});
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
    mutationKey: DELETE,
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

/** The conversations that are being deleted: no list shows them, unless the server refuses. */
export function useBeingDeleted(): ReadonlySet<string> {
  const ids = useMutationState({
    filters: { mutationKey: DELETE, status: 'pending' },
    select: ({ state }) => (state.variables as { id: string }).id,
  });
  return new Set(ids);
}

/** How a conversation will look once it is changed. */
function asFields({ archived, pinned, leaf_id: _, ...fields }: ConversationChanges): Partial<Conversation> {
  const now = new Date().toISOString();
  return {
    ...fields,
    ...(pinned !== undefined && { pinned_at: pinned ? now : null }),
    ...(archived !== undefined && { archived_at: archived ? now : null }),
  };
}
