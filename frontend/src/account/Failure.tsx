import { problemOf, problemSentences } from '../api/problem';
import { Callout } from '../components/ui/Callout';

/** Why something was not done, in sentences. */
export function Failure({ error }: { error: unknown }) {
  if (!error) {
    return null;
  }
  return (
    <div role="alert">
      <Callout tone="danger">
        {problemSentences(problemOf(error)).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </Callout>
    </div>
  );
}
