import { problemCode, problemSentences } from '../api/problem';
import type { Message } from '../api/types';

/** How an answer ended, when there is something to say about it. */
export interface Outcome {
  tone: 'danger' | 'caution';
  title: string;
  sentences: string[];
  /** What asking again is called; absent where it would not help. */
  again?: string;
  /** What to ask for the rest of an answer that reached its limit. */
  goOn?: string;
}

/** What to tell about an answer's end; `null` for one that went well or is still running. */
export function outcomeOf({ status, error, finish_reason, content }: Message): Outcome | null {
  switch (status) {
    case 'failed':
      return {
        tone: 'danger',
        title: error?.title ?? 'The model did not answer',
        sentences: [
          ...(error ? problemSentences(error) : ['It gave no reason.']),
          ...(error && problemCode(error) === 'provider-failed' ? ['Ask again, or choose another model below.'] : []),
        ],
        again: 'Ask again',
      };
    case 'interrupted':
      return {
        tone: 'caution',
        title: 'The answer was cut off',
        sentences: [
          ...(error ? problemSentences(error) : []),
          content === '' ? 'Nothing of it has arrived.' : 'What has arrived is kept.',
        ],
        again: 'Ask again',
      };
    case 'stopped':
      return {
        tone: 'caution',
        title: 'The answer was stopped',
        sentences: ['What was written until then is kept.'],
        again: 'Ask again',
      };
    case 'complete':
      return finished(finish_reason, content);
    case 'streaming':
      return null;
  }
}

function finished(reason: Message['finish_reason'], content: string): Outcome | null {
  switch (reason) {
    case 'length':
      return {
        tone: 'caution',
        title: 'The answer is as long as the model allows',
        sentences: ['What there is of it is kept.'],
        goOn: 'Go on exactly where you stopped.',
      };
    case 'content_filter':
      return {
        tone: 'caution',
        title: 'The provider’s filter cut the answer',
        sentences: ['Put the question another way, or choose another model.'],
      };
    case 'refusal':
      return {
        tone: 'caution',
        title: 'The model refused',
        sentences: ['Put the question another way, or choose another model.'],
      };
    default:
      return content === ''
        ? {
            tone: 'caution',
            title: 'The model wrote no answer',
            sentences: ['It ended without a word.'],
            again: 'Ask again',
          }
        : null;
  }
}
