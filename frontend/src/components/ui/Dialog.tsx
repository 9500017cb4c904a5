import { clsx } from 'clsx';
import { type ReactNode, useEffect, useId, useRef } from 'react';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  className?: string;
}

/** A modal dialog: the browser's own, which holds the focus, closes on Escape and returns the focus. Mounted means open. */
export function Dialog({ title, onClose, children, className }: DialogProps) {
  const dialog = useModal();
  const titleId = useId();
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events -- Escape does what a click beside it does
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={({ target, currentTarget }) => target === currentTarget && currentTarget.close()}
      className={clsx(
        'm-auto w-[min(26rem,calc(100vw-2rem))] rounded-2xl border border-line bg-raised p-0 text-ink shadow-float backdrop:bg-black/40 backdrop:backdrop-blur-[2px] open:animate-rise',
        className,
      )}
    >
      <div className="p-6">
        <h2 id={titleId} className="font-display text-lg font-semibold">
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  );
}

/** Opens a `<dialog>` modally for as long as it is mounted. */
export function useModal() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return dialog;
}
