import { useEffect, useLayoutEffect, useRef, useState } from 'react';

import type { Message } from '../api/types';
import { sentencesSince } from './sentences';

/** Screen readers get whole sentences, and not more often than this. */
const EVERY_MS = 1_500;

/** Says an answer aloud as it is written: whole sentences in a polite region, never single words. */
export function StreamAnnouncer({ answer }: { answer: Message | undefined }) {
  const [words, setWords] = useState('');
  const latest = useRef(answer);
  // A layout effect, so that the end is known when the effect below is told that the answer runs no more.
  useLayoutEffect(() => {
    latest.current = answer;
  });
  const id = answer?.status === 'streaming' ? answer.id : undefined;
  useEffect(() => {
    if (id === undefined) {
      return undefined;
    }
    let said = latest.current?.content.length ?? 0;
    const timer = setInterval(() => {
      const next = sentencesSince(latest.current?.content ?? '', said);
      said = next.reaches;
      if (next.words) {
        setWords(next.words);
      }
    }, EVERY_MS);
    return () => {
      clearInterval(timer);
      const whole = latest.current?.id === id ? latest.current : undefined;
      const rest = sentencesSince(`${whole?.content ?? ''}\n`, said).words;
      setWords(`${rest} ${whole ? ENDINGS[whole.status] : ''}`.trim());
    };
  }, [id]);
  return (
    <p role="status" aria-live="polite" className="sr-only">
      {words}
    </p>
  );
}

const ENDINGS: Record<Message['status'], string> = {
  complete: 'The answer is finished.',
  stopped: 'The answer was stopped.',
  failed: 'The answer failed.',
  interrupted: 'The answer was cut off.',
  streaming: '',
};
