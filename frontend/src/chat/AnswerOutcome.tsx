import { ArrowRight, RotateCcw, TriangleAlert } from 'lucide-react';

import type { Message } from '../api/types';
import { Button } from '../components/ui/Button';
import { Callout } from '../components/ui/Callout';
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
      actions={
        (last && prompt && outcome.again && (
          <Button className="h-8 px-3" disabled={!canAsk} onClick={() => onAskAgain(prompt)}>
            <RotateCcw aria-hidden /> {outcome.again}
          </Button>
        )) ||
        (last && outcome.goOn && (
          <Button className="h-8 px-3" disabled={!canAsk} onClick={() => onAskAgain(outcome.goOn ?? '')}>
            <ArrowRight aria-hidden /> Continue
          </Button>
        ))
      }
    >
      <p>{outcome.sentences.join(' ')}</p>
    </Callout>
  );
}
