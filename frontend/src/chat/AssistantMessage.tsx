import { useQuery } from '@tanstack/react-query';
import { lazy, memo, Suspense } from 'react';

import type { Message } from '../api/types';
import { CopyButton } from '../components/ui/CopyButton';
import { Logo } from '../components/ui/Logo';
import { modelName } from '../models/names';
import { modelsQuery } from '../models/queries';
import type { Notice } from '../realtime/frames';
import { AnswerNotices, AnswerUsage } from './AnswerNotes';
import { AnswerOutcome } from './AnswerOutcome';
import { Thinking } from './Thinking';
import { timeOf } from './time';

const Markdown = lazy(() => import('../markdown/Markdown'));

interface AssistantMessageProps {
  message: Message;
  notice: Notice | null;
  /** Whether it is the last message: what can be done about a failure is offered there. */
  last: boolean;
  /** What it answers, where that is known. */
  prompt: string | undefined;
  canAsk: boolean;
  onAskAgain: (prompt: string) => void;
}

/** An answer, finished or growing. */
export const AssistantMessage = memo(function AssistantMessage(props: AssistantMessageProps) {
  const { message, notice } = props;
  const { data: models } = useQuery(modelsQuery);
  const growing = message.status === 'streaming';
  const name = message.model ? modelName(message.model, models) : 'Recollect';
  return (
    <article aria-label={`Answer of ${name}`} aria-busy={growing} className="group">
      <header className="mb-1.5 flex items-center gap-2 text-sm text-muted">
        <Logo className="size-5 text-accent" />
        <span className="font-medium">{name}</span>
      </header>
      {message.thinking && <Thinking text={message.thinking} growing={growing && message.content === ''} />}
      {message.content === '' && growing && !message.thinking && <Waiting />}
      {message.content !== '' && (
        <Suspense fallback={<p className="text-base leading-relaxed whitespace-pre-wrap">{message.content}</p>}>
          <Markdown text={message.content} growing={growing} />
        </Suspense>
      )}
      <AnswerNotices message={message} live={notice} models={models} />
      <AnswerOutcome {...props} />
      {!growing && message.content !== '' && (
        <footer className="mt-1.5 -ml-2 flex h-7 items-center gap-1 text-xs text-muted opacity-0 transition-opacity group-focus-within:opacity-100 group-hover:opacity-100 touch:opacity-100">
          <CopyButton label="Copy answer" text={() => message.content} />
          <time dateTime={message.timestamp}>{timeOf(message.timestamp)}</time>
          <AnswerUsage message={message} />
        </footer>
      )}
    </article>
  );
});

function Waiting() {
  return (
    <p className="flex h-7 items-center gap-1.5">
      <span className="sr-only">Waiting for the answer</span>
      {['0ms', '160ms', '320ms'].map((delay) => (
        <span
          key={delay}
          aria-hidden
          className="size-2 animate-breathe rounded-full bg-accent"
          style={{ animationDelay: delay }}
        />
      ))}
    </p>
  );
}
