import { clsx } from 'clsx';
import { useEffect, useState } from 'react';

import type { ConnectionState } from '../realtime/LiveSocket';

interface ConnectionPillProps {
  state: ConnectionState;
  onRetry: () => void;
}

/** How the connection is. Quiet while it is well. */
export function ConnectionPill({ state, onRetry }: ConnectionPillProps) {
  const seconds = useSecondsUntil(state.kind === 'reconnecting' ? state.at : null);
  const text = {
    connecting: 'Connecting…',
    live: 'Live',
    reconnecting: seconds > 0 ? `Reconnecting in ${seconds} s` : 'Reconnecting…',
    offline: 'Offline',
  }[state.kind];
  return (
    <div className="flex shrink-0 items-center gap-1 text-xs text-muted">
      <span
        className={clsx(
          'flex items-center gap-1.5 rounded-full px-2.5 py-1 whitespace-nowrap tabular-nums',
          (state.kind === 'reconnecting' || state.kind === 'offline') && 'bg-caution-tint text-caution',
        )}
        title={state.kind === 'live' ? 'Connected: answers appear as they are written' : undefined}
      >
        <span
          aria-hidden
          className={clsx(
            'size-2 rounded-full',
            state.kind === 'live'
              ? 'bg-emerald-500'
              : state.kind === 'connecting'
                ? 'animate-breathe bg-glow'
                : 'bg-caution',
          )}
        />
        {text}
      </span>
      {state.kind === 'reconnecting' && seconds > 1 && (
        <button
          type="button"
          onClick={onRetry}
          className="rounded-full px-2 py-1 font-semibold text-accent hover:bg-hover"
        >
          Now
        </button>
      )}
      {/* The seconds would be read out one by one; this says only what changed. */}
      <span role="status" className="sr-only">
        {
          { connecting: '', live: 'Connected.', reconnecting: 'Connection lost. Reconnecting.', offline: 'Offline.' }[
            state.kind
          ]
        }
      </span>
    </div>
  );
}

function useSecondsUntil(at: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (at === null) {
      return undefined;
    }
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [at]);
  return at === null ? 0 : Math.max(0, Math.ceil((at - now) / 1000));
}
