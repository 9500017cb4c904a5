import { clsx } from 'clsx';
import { memo, useState } from 'react';

import { CopyButton } from '../components/ui/CopyButton';
import { timeOf } from './time';

interface UserMessageProps {
  content: string;
  /** When it was sent; `null` while it is on its way. */
  at: string | null;
}

/** Longer prompts are folded: one scrolls through answers, not through what was pasted. */
const FOLDED_FROM = 1_600;
const FOLDED_FROM_LINES = 18;

/** What the person said. */
export const UserMessage = memo(function UserMessage({ content, at }: UserMessageProps) {
  const [unfolded, setUnfolded] = useState(false);
  const long = content.length > FOLDED_FROM || content.split('\n', FOLDED_FROM_LINES + 1).length > FOLDED_FROM_LINES;
  const folded = long && !unfolded;
  return (
    <article aria-label="You" className="group flex flex-col items-end">
      <div
        className={clsx(
          'max-w-[85%] rounded-3xl rounded-br-lg bg-tint px-4 py-2.5 text-base transition-opacity',
          at === null && 'opacity-60',
        )}
      >
        {/* Laying out a hundred thousand characters takes its time, so what is folded away is not there. */}
        <p className={clsx('break-words whitespace-pre-wrap', folded && 'max-h-64 overflow-hidden mask-b-from-75%')}>
          {folded ? content.slice(0, FOLDED_FROM) : content}
        </p>
        {long && (
          <button
            type="button"
            aria-expanded={unfolded}
            className="mt-1 text-sm font-medium text-accent hover:underline"
            onClick={() => setUnfolded(!unfolded)}
          >
            {unfolded ? 'Show less' : 'Show all'}
          </button>
        )}
      </div>
      <div className="mt-1 flex h-7 items-center gap-1 text-xs text-muted">
        {at === null ? (
          <span className="pr-2">Sending…</span>
        ) : (
          <span className="flex items-center gap-1 opacity-0 transition-opacity group-focus-within:opacity-100 group-hover:opacity-100 touch:opacity-100">
            <time dateTime={at}>{timeOf(at)}</time>
            <CopyButton label="Copy message" text={() => content} />
          </span>
        )}
      </div>
    </article>
  );
});
