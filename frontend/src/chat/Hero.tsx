import { useQuery } from '@tanstack/react-query';
import { Code, Compass, Lightbulb, PenLine, Plug } from 'lucide-react';

import { Callout } from '../components/ui/Callout';
import { onlyOffline } from '../models/names';
import { modelsQuery } from '../models/queries';
import { Ripples } from './Ripples';

const SUGGESTIONS = [
  {
    Icon: Lightbulb,
    title: 'Explain something',
    prompt: 'Explain how a hash table finds a key so fast, with an everyday comparison.',
  },
  {
    Icon: PenLine,
    title: 'Draft a text',
    prompt: 'Draft a kind, short mail that turns down an invitation and proposes another week.',
  },
  {
    Icon: Compass,
    title: 'Make a plan',
    prompt: 'Plan three calm days in Lisbon with a ten-year-old, as a table by day and part of the day.',
  },
  {
    Icon: Code,
    title: 'Write code',
    prompt: 'Write a SQL query for the second highest salary of each department, and explain it step by step.',
  },
];

interface HeroProps {
  /** Puts a text into the box. */
  onSuggestion: (text: string) => void;
}

/** What a person sees first: an invitation, and a few ways to begin. */
export function Hero({ onSuggestion }: HeroProps) {
  const { data: models } = useQuery(modelsQuery);
  return (
    <div className="relative pb-4">
      <Ripples className="pointer-events-none absolute -top-48 left-1/2 w-[36rem] max-w-none -translate-x-1/2 text-accent md:-top-64 md:w-[46rem]" />
      <div className="relative text-center">
        <h1 className="balance font-display text-3xl font-semibold tracking-tight md:text-[2.6rem] md:leading-tight">
          What is on your mind?
        </h1>
        <p className="balance mx-auto mt-2 max-w-md text-base text-muted">
          Talk it through. Every answer is kept, so that you can come back to it.
        </p>
      </div>
      <ul className="relative mt-8 grid grid-cols-2 gap-2 md:gap-3">
        {SUGGESTIONS.map(({ Icon, title, prompt }) => (
          <li key={title}>
            <button
              type="button"
              onClick={() => onSuggestion(prompt)}
              className="flex h-full w-full flex-col gap-1 rounded-2xl border border-line bg-raised p-3.5 text-left shadow-card transition-colors hover:border-accent/50 md:p-4"
            >
              <span className="flex items-center gap-2 text-sm font-semibold">
                <Icon aria-hidden className="size-4 shrink-0 text-accent" /> {title}
              </span>
              <span className="line-clamp-2 text-sm text-muted">{prompt}</span>
            </button>
          </li>
        ))}
      </ul>
      {models && onlyOffline(models) && (
        <Callout tone="plain" icon={<Plug aria-hidden />} className="relative mt-3">
          No language model is connected yet. Start LM Studio or Ollama on this computer, or set OPENAI_API_KEY, and
          start Recollect again; until then the built-in offline model answers.
        </Callout>
      )}
    </div>
  );
}
