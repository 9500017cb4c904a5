import { Button } from '../components/ui/Button';
import { Dialog } from '../components/ui/Dialog';

interface DeleteDialogProps {
  title: string;
  /** Whether it is still in the list, so that archiving it would be another way. */
  canArchive: boolean;
  onDelete: () => void;
  onArchive: () => void;
  onClose: () => void;
}

/** Asks before a conversation is deleted, and offers the way that can be undone. */
export function DeleteDialog({ title, canArchive, onDelete, onArchive, onClose }: DeleteDialogProps) {
  return (
    <Dialog title="Delete this conversation?" onClose={onClose}>
      <p className="mt-2 text-muted">
        <strong className="font-semibold break-words text-ink">{title}</strong> and all of its messages will be gone for
        good. This cannot be undone.
        {canArchive && ' Archiving takes it out of the list and keeps it.'}
      </p>
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        {/* First in order, so that it has the focus when the dialog opens. */}
        <Button look="quiet" onClick={onClose}>
          Cancel
        </Button>
        {canArchive && <Button onClick={onArchive}>Archive instead</Button>}
        <Button look="danger" onClick={onDelete}>
          Delete
        </Button>
      </div>
    </Dialog>
  );
}
