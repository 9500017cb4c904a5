import { useEffect, useSyncExternalStore } from 'react';
import type { Options } from 'react-markdown';

type Plugin = NonNullable<Options['rehypePlugins']>[number];

/** Code that names its language: only that is coloured. */
const FENCE_WITH_LANGUAGE = /^\s*(`{3,}|~{3,})[ \t]*\S/m;

let highlighter: Plugin | null = null;
const listeners = new Set<() => void>();

/** What colours the code in a text, once it has been loaded: many an answer has no code, and needs no highlighter. */
export function useHighlighter(text: string): Plugin | null {
  const wanted = FENCE_WITH_LANGUAGE.test(text);
  const loaded = useSyncExternalStore(subscribe, () => highlighter);
  useEffect(() => {
    if (wanted && !highlighter) {
      // Without it code stays plain, and the next text with code tries again.
      void load().catch(() => undefined);
    }
  }, [wanted]);
  return wanted ? loaded : null;
}

async function load(): Promise<void> {
  const { default: plugin } = await import('rehype-highlight');
  highlighter ??= [plugin, { detect: false }];
  for (const listener of listeners) {
    listener();
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
