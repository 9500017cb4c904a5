import { ArrowDown } from 'lucide-react';
import { useCallback } from 'react';
import { Link } from 'react-router';

import type { Conversation } from '../api/types';
import { useConversationChanges } from '../conversations/useConversationChanges';
import type { ConnectionState } from '../realtime/LiveSocket';
import { draftOf } from './DraftStore';
import { MessageInput } from './MessageInput';
import { MessageList } from './MessageList';
import { newClientId, type Prompt } from './prompt';
import { StreamAnnouncer } from './StreamAnnouncer';
import { runningAnswer, type Transcript } from './transcript/state';
import { useOlderMessages } from './useOlderMessages';
import { useStickToEnd } from './useStickToEnd';

interface ConversationViewProps {
  conversation: Conversation;
  transcript: Transcript;
  connection: ConnectionState;
  send: (prompt: Prompt) => void;
}

/** The messages of a conversation, and the box to write the next one. */
export function ConversationView({ conversation, transcript, connection, send }: ConversationViewProps) {
  const { update } = useConversationChanges();
  const older = useOlderMessages(conversation.id, transcript.older);
  const { scroller, content, away, toEnd } = useStickToEnd(transcript.messages[0]?.id);
  const draft = draftOf(conversation.id);
  const running = runningAnswer(transcript) !== undefined || transcript.outbox.length > 0;

  const sendDraft = () => {
    send(draft.take());
    toEnd();
  };
  const askAgain = useCallback(
    (prompt: string) => {
      send({ content: prompt, client_id: newClientId() });
      toEnd();
    },
    [send, toEnd],
  );

  return (
    <>
      <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto [overflow-anchor:none]">
        <div ref={content} className="mx-auto w-full max-w-3xl px-4 pt-6 pb-10 md:px-6">
          <MessageList transcript={transcript} older={older} canAsk={!running} onAskAgain={askAgain} />
        </div>
      </div>
      <StreamAnnouncer answer={transcript.messages.at(-1)} />
      <div className="relative mx-auto w-full max-w-3xl px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] md:px-6">
        {away && (
          <button
            type="button"
            onClick={() => toEnd('smooth')}
            className="absolute -top-12 left-1/2 flex h-9 -translate-x-1/2 animate-rise items-center gap-1.5 rounded-full border border-line bg-raised px-3.5 text-sm font-medium whitespace-nowrap shadow-float hover:bg-hover"
          >
            <ArrowDown aria-hidden className="size-4 text-accent" /> Jump to latest
          </button>
        )}
        {conversation.status === 'ended' ? (
          <p className="rounded-2xl border border-line bg-panel px-4 py-3 text-sm text-muted">
            This conversation has ended and takes no more messages.{' '}
            <Link to="/" className="font-medium text-accent underline underline-offset-2">
              Begin a new one
            </Link>
          </p>
        ) : (
          <MessageInput
            draft={draft}
            blocked={running ? 'The answer is still being written.' : null}
            offline={connection.kind === 'offline'}
            model={conversation.model ?? null}
            onModel={(model) => update.mutate({ id: conversation.id, changes: { model } })}
            onSend={sendDraft}
          />
        )}
      </div>
    </>
  );
}
