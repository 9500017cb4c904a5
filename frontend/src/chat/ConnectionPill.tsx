import { clsx } from 'clsx';
import { useEffect, useState } from 'react';

import type { ConnectionState } from '../realtime/LiveSocket';

interface ConnectionPillProps {
  state: ConnectionState;
  onRetry: () => void;
}

/** How the connection is. Quiet while it is well. */
export function ConnectionPill({ state, onRetry }: ConnectionPillProps) {
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
        {state.kind === 'reconnecting' ? <Countdown at={state.at} /> : TEXTS[state.kind]}
      </span>
      {state.kind === 'reconnecting' && (
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

const TEXTS = { connecting: 'Connecting…', live: 'Live', offline: 'Offline' };

/** Mounted when an attempt is appointed and no sooner, so that it counts from then. */
function Countdown({ at }: { at: number }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.ceil((at - now) / 1000);
  return seconds > 0 ? `Reconnecting in ${seconds} s` : 'Reconnecting…';
}
