import type { Message, ModelList } from '../api/types';
import { modelName } from '../models/names';
import type { Notice } from '../realtime/frames';
import { cost } from './cost';

interface AnswerNoticesProps {
  message: Message;
  /** What was told while it was being written. */
  live: Notice | null;
  models: ModelList | undefined;
}

/** What one should know about an answer: while it is written, and later as it was stored. */
export function AnswerNotices({ message, live, models }: AnswerNoticesProps) {
  const notices = new Set<Notice>(message.notices ?? []);
  if (live) {
    notices.add(live);
  }
  return [...notices].map((notice) => (
    <p key={notice} className="mt-2 text-sm text-muted">
      {sentence(notice, message, models)}
    </p>
  ));
}

function sentence(notice: Notice, { fallback_from, model }: Message, models: ModelList | undefined): string {
  switch (notice) {
    case 'trimmed':
      return 'The conversation is longer than the model can read at once: the oldest messages were left out.';
    case 'retrying':
      return 'The model did not answer at once. It is being asked again…';
    case 'fallback': {
      const wanted = fallback_from ? modelName(fallback_from, models) : 'The model';
      return `${wanted} did not answer, so ${model ? modelName(model, models) : 'another model'} answered instead.`;
    }
  }
}

const NUMBER = new Intl.NumberFormat();

/** What an answer used and cost. */
export function AnswerUsage({ message: { usage, cost_micros } }: { message: Message }) {
  if (!usage) {
    return null;
  }
  const { input_tokens, output_tokens, cached_tokens, reasoning_tokens, estimated } = usage;
  const details = [
    cached_tokens > 0 && `${NUMBER.format(cached_tokens)} of those read came from the cache`,
    reasoning_tokens > 0 && `${NUMBER.format(reasoning_tokens)} of those written were thinking`,
    estimated && 'an estimate: the provider gave no numbers',
  ].filter(Boolean);
  return (
    <span title={details.join('; ') || undefined}>
      · {estimated ? 'about ' : ''}
      {NUMBER.format(input_tokens)} tokens read, {NUMBER.format(output_tokens)} written
      {cost_micros != null && cost_micros > 0 && ` · ${cost(cost_micros)}`}
    </span>
  );
}
