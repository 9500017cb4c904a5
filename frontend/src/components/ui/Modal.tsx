import { type ComponentProps, useLayoutEffect, useState } from 'react';

import { LayerContext } from './LayerContext';

interface ModalProps extends ComponentProps<'dialog'> {
  onClose: () => void;
}

/** The browser's own modal dialog, which holds the focus, closes on Escape and gives the focus back. Mounted means open. */
export function Modal({ onClose, children, ...rest }: ModalProps) {
  const [element, setElement] = useState<HTMLDialogElement | null>(null);
  // A layout effect, because a dialog that has left the page can no longer give the focus back.
  useLayoutEffect(() => {
    element?.showModal();
    return () => element?.close();
  }, [element]);
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events -- Escape does what a click beside it does
    <dialog
      ref={setElement}
      // React lets the close of a dialog inside come up to this one.
      onClose={({ target, currentTarget }) => target === currentTarget && onClose()}
      onClick={({ target, currentTarget }) => target === currentTarget && onClose()}
      {...rest}
    >
      <LayerContext value={element}>{children}</LayerContext>
    </dialog>
  );
}
