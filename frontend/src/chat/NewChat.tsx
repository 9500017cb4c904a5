import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';

import { conversationService } from '../api/conversationService';
import { problemOf } from '../api/problem';
import { conversationKeys } from '../conversations/queries';
import { PageHeader } from '../layout/PageHeader';
import { draftOf } from './DraftStore';
import { Hero } from './Hero';
import { MessageInput } from './MessageInput';
import type { Prompt } from './prompt';
import { NEW } from './transcript/state';
import { transcriptOf } from './transcript/transcripts';
import { unconfirmed } from './unconfirmed';

/** Where what concerns a conversation that does not exist yet is kept. */
const NAME = 'new';
const CREATE = ['create-conversation'] as const;

/** Where a conversation begins: the first message creates it. */
export default function NewChat() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [model, setModel] = useState<string | null>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  const draft = draftOf(NAME);

  const create = useMutation({
    mutationKey: CREATE,
    mutationFn: (_: Prompt) => conversationService.create(model === null ? {} : { model }),
    onMutate: (prompt) => unconfirmed.save(NAME, prompt),
    onSuccess: (conversation, prompt) => {
      unconfirmed.save(conversation.id, prompt);
      transcriptOf(conversation.id, NEW).dispatch({ type: 'queued', ...prompt });
      client.setQueryData(conversationKeys.detail(conversation.id), conversation);
      void client.invalidateQueries({ queryKey: conversationKeys.lists });
      void navigate(`/chat/${conversation.id}`);
    },
    onError: (error, prompt) => draft.putBack({ ...prompt, problem: problemOf(error) }),
    onSettled: () => unconfirmed.save(NAME, null),
  });

  useEffect(() => {
    // The page that comes next is fetched while the person writes.
    void import('./ChatPage').catch(() => undefined);
    const left = unconfirmed.read(NAME);
    if (left && client.isMutating({ mutationKey: CREATE }) === 0) {
      unconfirmed.save(NAME, null);
      draftOf(NAME).putBack(left);
    }
  }, [client]);

  const suggest = (text: string) => {
    draft.suggest(text);
    box.current?.focus();
  };

  return (
    <>
      <title>Recollect</title>
      <PageHeader />
      <div className="flex min-h-0 flex-1 flex-col overflow-x-hidden overflow-y-auto">
        <div className="mx-auto flex w-full max-w-3xl flex-1 flex-col justify-center px-4 pt-6 pb-4 md:flex-none md:justify-start md:px-6 md:pt-[15vh]">
          <Hero onSuggestion={suggest} />
        </div>
        <div className="sticky bottom-0 z-10 mx-auto w-full max-w-3xl bg-canvas px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] md:relative md:bg-transparent md:px-6 md:pb-8">
          <MessageInput
            ref={box}
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
