import { Archive, ArchiveRestore, Pencil, Pin, PinOff, Trash2 } from 'lucide-react';

import type { ConversationItem } from '../api/types';
import type { MenuProps } from '../components/ui/lazyMenu';
import { Menu, MenuItem, MenuSeparator } from '../components/ui/Menu';
import type { ConversationActions } from './ConversationRow';

interface ConversationMenuProps extends MenuProps {
  conversation: ConversationItem;
  actions: ConversationActions;
  onRename: () => void;
}

/** What can be done with a conversation. */
export default function ConversationMenu({ trigger, conversation, actions, onRename }: ConversationMenuProps) {
  const { id } = conversation;
  const pinned = conversation.pinned_at != null;
  const archived = conversation.archived_at != null;
  return (
    <Menu trigger={trigger}>
      <MenuItem onChoose={onRename}>
        <Pencil aria-hidden /> Rename
      </MenuItem>
      <MenuItem onChoose={() => actions.pin(id, !pinned)}>
        {pinned ? <PinOff aria-hidden /> : <Pin aria-hidden />} {pinned ? 'Unpin' : 'Pin to the top'}
      </MenuItem>
      <MenuItem onChoose={() => actions.archive(id, !archived)}>
        {archived ? <ArchiveRestore aria-hidden /> : <Archive aria-hidden />}
        {archived ? 'Take out of the archive' : 'Archive'}
      </MenuItem>
      <MenuSeparator />
      <MenuItem danger onChoose={() => actions.delete(conversation)}>
        <Trash2 aria-hidden /> Delete…
      </MenuItem>
    </Menu>
  );
}
