import { useState } from 'react';
import { useLocation, useNavigate } from 'react-router';

import type { ConversationFilter } from '../api/conversationService';
import { problemOf } from '../api/problem';
import type { ConversationItem } from '../api/types';
import { Button } from '../components/ui/Button';
import { EndOfList } from '../components/ui/EndOfList';
import { ConversationRow } from './ConversationRow';
import { groupByDay } from './days';
import { DeleteDialog } from './DeleteDialog';

import { conversationTitle } from './title';
import { useConversationChanges } from './useConversationChanges';
import { useConversations } from './useConversations';

/** The conversations of the sidebar, grouped by day. */
export function ConversationList({ filter }: { filter: ConversationFilter }) {
  const { conversations, isPending, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useConversations(filter);
  const { update, remove, archive } = useConversationChanges();
  const [deleting, setDeleting] = useState<ConversationItem | null>(null);
  const navigate = useNavigate();
  const { pathname } = useLocation();

  const confirmDelete = ({ id }: ConversationItem) => {
    setDeleting(null);
    remove.mutate({ id });
    if (pathname === `/chat/${id}`) {
      void navigate('/');
    }
  };

  if (isPending) {
    return <Skeleton />;
  }
  if (error && conversations.length === 0) {
    return (
      <div className="px-2.5 py-2 text-sm text-muted">
        <p>{problemOf(error).detail}</p>
        <Button className="mt-3" onClick={() => void refetch()}>
          Try again
        </Button>
      </div>
    );
  }
  return (
    <>
      {conversations.length === 0 && <p className="px-2.5 py-2 text-sm text-muted">{emptySentence(filter)}</p>}
      {groupByDay(conversations, new Date()).map(({ heading, items }) => (
        <section key={heading} aria-label={heading} className="mb-4">
          <h2 className="px-2.5 pb-1 text-xs font-medium text-muted">{heading}</h2>
          <ul>
            {items.map((conversation) => (
              <li key={conversation.id}>
                <ConversationRow
                  conversation={conversation}
                  actions={{
                    rename: (id, title) => update.mutate({ id, changes: { title } }),
                    pin: (id, pinned) => update.mutate({ id, changes: { pinned } }),
                    archive,
                    delete: setDeleting,
                  }}
                />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {hasNextPage && <EndOfList label="Show more" busy={isFetchingNextPage} onReached={() => void fetchNextPage()} />}
      {deleting && (
        <DeleteDialog
          title={conversationTitle(deleting)}
          canArchive={deleting.archived_at == null}
          onClose={() => setDeleting(null)}
          onDelete={() => confirmDelete(deleting)}
          onArchive={() => {
            setDeleting(null);
            archive(deleting.id, true);
          }}
        />
      )}
    </>
  );
}

function emptySentence({ archived, q }: ConversationFilter): string {
  if (q) {
    return `No ${archived ? 'archived ' : ''}conversation has “${q}” in its title.`;
  }
  return archived ? 'The archive is empty.' : 'Your conversations will be listed here.';
}

function Skeleton() {
  return (
    <div role="status" className="space-y-2 px-2.5 py-2">
      <span className="sr-only">Loading conversations</span>
      {['w-2/3', 'w-5/6', 'w-1/2', 'w-3/4', 'w-3/5'].map((width) => (
        <div key={width} className={`h-6 animate-pulse rounded-md bg-hover ${width}`} />
      ))}
    </div>
  );
}
