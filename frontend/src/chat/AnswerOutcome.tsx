import { TriangleAlert } from 'lucide-react';

import type { Message } from '../api/types';
import { Callout } from '../components/ui/Callout';
import { AnswerAction } from './AnswerAction';
import { outcomeOf } from './outcome';

interface AnswerOutcomeProps {
  message: Message;
  last: boolean;
  prompt: string | undefined;
  canAsk: boolean;
  onAskAgain: (prompt: string) => void;
}

/** Says in its place that an answer failed or was cut, and what to do. */
export function AnswerOutcome({ message, last, prompt, canAsk, onAskAgain }: AnswerOutcomeProps) {
  const outcome = outcomeOf(message);
  if (!outcome) {
    return null;
  }
  return (
    <Callout
      tone={outcome.tone}
      icon={<TriangleAlert aria-hidden />}
      title={outcome.title}
      className="mt-3"
      actions={last && <AnswerAction outcome={outcome} prompt={prompt} canAsk={canAsk} onAskAgain={onAskAgain} />}
    >
      <p>{outcome.sentences.join(' ')}</p>
    </Callout>
  );
}
