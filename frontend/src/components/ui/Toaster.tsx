import { X } from 'lucide-react';
import { useSyncExternalStore } from 'react';

import { IconButton } from './IconButton';
import { dismissToast, toastStore } from './toasts';

/** Where toasts appear. The region is always there, so that screen readers notice what comes into it. */
export function Toaster() {
  const toasts = useSyncExternalStore(toastStore.subscribe, toastStore.snapshot);
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 top-16 z-50 flex flex-col items-center gap-2 px-4"
    >
      {toasts.map(({ id, tone, text, action }) => (
        <div
          key={id}
          className="pointer-events-auto flex max-w-md animate-rise items-center gap-2 rounded-3xl border border-line bg-raised py-1 pr-1.5 pl-4 text-sm shadow-float"
        >
          {tone === 'error' && <span aria-hidden className="size-2 shrink-0 rounded-full bg-danger" />}
          <span className="py-1.5">{text}</span>
          {action && (
            <button
              type="button"
              className="rounded-full px-2.5 py-1.5 font-semibold text-accent hover:bg-hover"
              onClick={() => {
                action.run();
                dismissToast(id);
              }}
            >
              {action.label}
            </button>
          )}
          <IconButton small label="Dismiss" onClick={() => dismissToast(id)}>
            <X aria-hidden />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
