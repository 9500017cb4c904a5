import { useRef } from 'react';

/** As the server has it, in UTF-16 code units. */
const TITLE_LIMIT = 200;

interface RenameFieldProps {
  title: string;
  /** With the new title, or `null` when it is to stay. */
  onDone: (title: string | null) => void;
}

/** A title being changed in its place: Enter or leaving it saves, Escape keeps the old one. */
export function RenameField({ title, onDone }: RenameFieldProps) {
  const done = useRef(false);
  const finish = (value: string | null) => {
    if (!done.current) {
      done.current = true;
      const trimmed = value?.trim();
      onDone(trimmed && trimmed !== title ? trimmed : null);
    }
  };
  return (
    <input
      // eslint-disable-next-line jsx-a11y/no-autofocus -- the person has just asked to type here
      autoFocus
      aria-label="Title"
      defaultValue={title}
      maxLength={TITLE_LIMIT}
      onFocus={({ currentTarget }) => currentTarget.select()}
      onBlur={({ currentTarget }) => finish(currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
          finish(event.currentTarget.value);
        } else if (event.key === 'Escape') {
          // Left to itself, it would close the drawer as well.
          event.preventDefault();
          finish(null);
        }
      }}
      className="h-9 w-full rounded-lg border border-accent bg-raised px-2.5 text-base outline-none md:text-sm"
    />
  );
}
