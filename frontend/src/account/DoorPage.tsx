import type { ReactNode } from 'react';

import { Logo } from '../components/ui/Logo';

/** A page that somebody sees who is not signed in. */
export function DoorPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="flex min-h-full flex-col items-center justify-center px-4 py-10">
      <title>{`${title} · Recollect`}</title>
      <div className="w-full max-w-sm">
        <Logo className="mx-auto mb-5 size-12 text-accent" />
        <h1 className="mb-5 text-center font-display text-xl font-semibold">{title}</h1>
        {children}
      </div>
    </main>
  );
}
