import { useEffect, useRef } from 'react';

import { Button } from './Button';

interface EndOfListProps {
  /** What the button says. */
  label: string;
  busy: boolean;
  onReached: () => void;
}

/** Asks for the next page when it comes into view; also a button, for those who do not scroll. */
export function EndOfList({ label, busy, onReached }: EndOfListProps) {
  const element = useRef<HTMLDivElement>(null);
  const reached = useRef(onReached);
  useEffect(() => {
    reached.current = onReached;
  });
  useEffect(() => {
    if (busy || !element.current) {
      return undefined;
    }
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) {
          reached.current();
        }
      },
      { rootMargin: '200px' },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [busy]);
  return (
    <div ref={element} className="px-2.5 pb-4">
      <Button look="quiet" disabled={busy} onClick={onReached}>
        {busy ? 'Loading…' : label}
      </Button>
    </div>
  );
}
