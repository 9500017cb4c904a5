import { clsx } from 'clsx';
import { ChevronRight } from 'lucide-react';

/** What a model thought before it answered, folded until somebody wants to see it. */
export function Thinking({ text, growing }: { text: string; growing: boolean }) {
  return (
    <details className="group/thinking mb-3">
      <summary className="-ml-2 inline-flex list-none items-center gap-1.5 rounded-full px-2 py-1 text-sm text-muted hover:bg-hover hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-3.5 transition-transform group-open/thinking:rotate-90" />
        <span
          className={clsx(
            growing &&
              'animate-shimmer bg-linear-to-r from-muted via-glow to-muted bg-size-[200%_100%] bg-clip-text text-transparent',
          )}
        >
          {growing ? 'Thinking…' : 'What it thought'}
        </span>
      </summary>
      <div className="mt-1 ml-1 max-h-96 overflow-y-auto border-l-2 border-line pl-4 text-sm leading-relaxed break-words whitespace-pre-wrap text-muted">
        {text}
      </div>
    </details>
  );
}
