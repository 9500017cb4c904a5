import { ArrowRight, RotateCcw } from 'lucide-react';

import { Button } from '../components/ui/Button';
import type { Outcome } from './outcome';

interface AnswerActionProps {
  outcome: Outcome;
  prompt: string | undefined;
  canAsk: boolean;
  onAskAgain: (prompt: string) => void;
}

/** What can be done about an answer that did not end well: ask again, or ask for the rest. */
export function AnswerAction({ outcome: { again, goOn }, prompt, canAsk, onAskAgain }: AnswerActionProps) {
  if (goOn) {
    return (
      <Button className="h-8 px-3" disabled={!canAsk} onClick={() => onAskAgain(goOn)}>
        <ArrowRight aria-hidden /> Continue
      </Button>
    );
  }
  return (
    prompt &&
    again && (
      <Button className="h-8 px-3" disabled={!canAsk} onClick={() => onAskAgain(prompt)}>
        <RotateCcw aria-hidden /> {again}
      </Button>
    )
  );
}
