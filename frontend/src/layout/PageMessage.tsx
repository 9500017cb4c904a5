import type { ReactNode } from 'react';

import { Logo } from '../components/ui/Logo';

/** A page that has nothing to show but a reason. */
export function PageMessage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="flex flex-1 flex-col items-center justify-center px-6 pb-16 text-center">
      <Logo className="mb-5 size-12 text-muted" />
      <h1 className="balance font-display text-xl font-semibold">{title}</h1>
      <div className="mt-2 flex max-w-sm flex-col items-center text-muted">{children}</div>
    </div>
  );
}
