import { Ellipsis } from 'lucide-react';
import { useRef, useState } from 'react';
import { NavLink } from 'react-router';

import type { ConversationItem } from '../api/types';
import { lazyMenu } from '../components/ui/lazyMenu';
import { RenameField } from './RenameField';
import { conversationTitle } from './title';

const ConversationMenu = lazyMenu(() => import('./ConversationMenu'));

export interface ConversationActions {
  rename: (id: string, title: string) => void;
  pin: (id: string, pinned: boolean) => void;
  archive: (id: string, archived: boolean) => void;
  /** Asks first. */
  delete: (conversation: ConversationItem) => void;
}

interface ConversationRowProps {
  conversation: ConversationItem;
  actions: ConversationActions;
}

/** A line of the sidebar's list: the way to a conversation, and a menu of what can be done with it. */
export function ConversationRow({ conversation, actions }: ConversationRowProps) {
  const [renaming, setRenaming] = useState(false);
  const link = useRef<HTMLAnchorElement>(null);
  const { id } = conversation;
  const title = conversationTitle(conversation);

  if (renaming) {
    return (
      <RenameField
        title={title}
        onDone={(renamed) => {
          setRenaming(false);
          if (renamed !== null) {
            actions.rename(id, renamed);
          }
          requestAnimationFrame(() => link.current?.focus());
        }}
      />
    );
  }
  return (
    <div className="group relative flex items-center rounded-lg transition-colors focus-within:bg-hover hover:bg-hover has-[a[aria-current=page]]:bg-tint has-data-[state=open]:bg-hover">
      <NavLink
        ref={link}
        to={`/chat/${id}`}
        title={title}
        onDoubleClick={() => setRenaming(true)}
        className="min-w-0 flex-1 truncate rounded-lg py-2 pr-9 pl-2.5 text-sm -outline-offset-2 aria-[current=page]:font-medium"
      >
        {title}
      </NavLink>
      <ConversationMenu
        conversation={conversation}
        actions={actions}
        onRename={() => setRenaming(true)}
        trigger={
          <button
            type="button"
            aria-label={`Options of “${title}”`}
            className="absolute right-1 grid size-7 place-items-center rounded-md text-muted opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 hover:text-ink focus-visible:opacity-100 touch:opacity-100 data-[state=open]:opacity-100"
          >
            <Ellipsis aria-hidden className="size-4" />
          </button>
        }
      />
    </div>
  );
}
