import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';

import { ApiError, problemOf } from '../api/problem';
import { Button } from '../components/ui/Button';
import { conversationQuery } from '../conversations/queries';
import { conversationTitle } from '../conversations/title';
import { PageHeader } from '../layout/PageHeader';
import { PageMessage } from '../layout/PageMessage';
import { ConnectionPill } from './ConnectionPill';
import { ConversationView } from './ConversationView';
import { MessagesSkeleton } from './MessagesSkeleton';
import { useChatSession } from './useChatSession';

/** One conversation: its header, its messages and the box to write in. */
export function ChatInterface({ id }: { id: string }) {
  const { data: conversation, error, refetch, isFetching } = useQuery(conversationQuery(id));
  const live = useChatSession(id, conversation !== undefined);
  const gone = error instanceof ApiError && (error.problem.status === 404 || error.problem.status === 422);

  if (gone) {
    return (
      <>
        <PageHeader />
        <PageMessage title="This conversation is not here">
          It may have been deleted, or the address is not right.
          <Link to="/" className="mt-5 font-medium text-accent underline underline-offset-4">
            Begin a new conversation
          </Link>
        </PageMessage>
      </>
    );
  }
  return (
    <>
      <PageHeader>
        <title>{conversation ? `${conversationTitle(conversation)} · Recollect` : 'Recollect'}</title>
        <h1 className="min-w-0 flex-1 truncate font-display font-semibold">
          {conversation && conversationTitle(conversation)}
        </h1>
        {conversation && <ConnectionPill state={live.connection} onRetry={live.retryNow} />}
      </PageHeader>
      {conversation ? (
        <ConversationView conversation={conversation} {...live} />
      ) : error ? (
        <PageMessage title="The conversation could not be read">
          {problemOf(error).detail}
          <Button className="mt-5" disabled={isFetching} onClick={() => void refetch()}>
            Try again
          </Button>
        </PageMessage>
      ) : (
        <MessagesSkeleton />
      )}
    </>
  );
}
