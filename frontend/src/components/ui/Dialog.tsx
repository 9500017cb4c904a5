import { type ReactNode, useId } from 'react';

import { Modal } from './Modal';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** A question in the middle of the page. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const titleId = useId();
  return (
    <Modal
      aria-labelledby={titleId}
      onClose={onClose}
      className="m-auto w-[min(26rem,calc(100vw-2rem))] rounded-2xl border border-line bg-raised p-0 text-ink shadow-float backdrop:bg-black/40 backdrop:backdrop-blur-[2px] open:animate-rise"
    >
      <div className="p-6">
        <h2 id={titleId} className="font-display text-lg font-semibold">
          {title}
        </h2>
        {children}
      </div>
    </Modal>
  );
}
