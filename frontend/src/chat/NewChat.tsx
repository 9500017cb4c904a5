import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';

import { conversationService } from '../api/conversationService';
import { problemOf } from '../api/problem';
import { conversationKeys } from '../conversations/queries';
import { PageHeader } from '../layout/PageHeader';
import { draftOf } from './DraftStore';
import { Hero } from './Hero';
import { MessageInput } from './MessageInput';
import { NEW } from './transcript/state';
import { transcriptOf } from './transcript/transcripts';

/** Where a conversation begins: the first message creates it. */
export function NewChat() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [model, setModel] = useState<string | null>(null);
  const draft = draftOf('new');

  const create = useMutation({
    mutationFn: (_: { content: string; client_id: string }) =>
      conversationService.create(model === null ? {} : { model }),
    onSuccess: (conversation, prompt) => {
      transcriptOf(conversation.id, NEW).dispatch({ type: 'queued', ...prompt });
      client.setQueryData(conversationKeys.detail(conversation.id), conversation);
      void client.invalidateQueries({ queryKey: conversationKeys.lists });
      void navigate(`/chat/${conversation.id}`);
    },
    onError: (error, prompt) => draft.putBack({ ...prompt, problem: problemOf(error) }),
  });

  return (
    <>
      <title>Recollect</title>
      <PageHeader>
        <span className="flex-1" />
      </PageHeader>
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
        <div className="mx-auto flex w-full max-w-3xl flex-1 flex-col justify-end px-4 pt-6 pb-4 md:flex-none md:justify-start md:px-6 md:pt-[11vh]">
          <Hero onSuggestion={(text) => draft.write(text)} />
        </div>
        <div className="sticky bottom-0 mx-auto w-full max-w-3xl bg-canvas px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] md:static md:px-6 md:pb-8">
          <MessageInput
            draft={draft}
            blocked={create.isPending ? 'The conversation is being created.' : null}
            model={model}
            onModel={setModel}
            onSend={() => create.mutate(draft.take())}
          />
        </div>
      </div>
    </>
  );
}
