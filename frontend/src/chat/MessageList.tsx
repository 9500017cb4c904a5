import { Button } from '../components/ui/Button';
import { EndOfList } from '../components/ui/EndOfList';
import { AssistantMessage } from './AssistantMessage';
import { find } from './transcript/messages';
import type { Transcript } from './transcript/state';
import type { OlderMessages } from './useOlderMessages';
import { UserMessage } from './UserMessage';

interface MessageListProps {
  transcript: Transcript;
  older: OlderMessages;
  /** Whether a prompt could be sent now. */
  canAsk: boolean;
  onAskAgain: (prompt: string) => void;
}

/** The messages of the shown branch, oldest first, and those that are on their way to the server. */
export function MessageList({ transcript, older, canAsk, onAskAgain }: MessageListProps) {
  const { messages, outbox, streams } = transcript;
  const lastId = outbox.length === 0 ? messages.at(-1)?.id : undefined;
  return (
    <>
      {older.more && <Older older={older} />}
      <ol aria-label="Messages" className="space-y-4">
        {messages.map((message) =>
          message.sender === 'user' ? (
            // The same key as on its way, so that it does not move when it has arrived.
            <li key={message.client_id ?? message.id}>
              <UserMessage content={message.content} at={message.timestamp} />
            </li>
          ) : (
            <li key={message.id}>
              <AssistantMessage
                message={message}
                notice={streams[message.id]?.notice ?? null}
                last={message.id === lastId}
                prompt={message.parent_id == null ? undefined : find(messages, message.parent_id)?.content}
                canAsk={canAsk && message.id === lastId}
                onAskAgain={onAskAgain}
              />
            </li>
          ),
        )}
        {outbox.map(({ client_id, content }) => (
          <li key={client_id}>
            <UserMessage content={content} at={null} />
          </li>
        ))}
      </ol>
    </>
  );
}

function Older({ older: { busy, trouble, load } }: { older: OlderMessages }) {
  return trouble ? (
    <div className="pb-6 text-center text-sm text-muted">
      <p>{trouble}</p>
      <Button className="mt-2" onClick={load}>
        Try again
      </Button>
    </div>
  ) : (
    <div className="flex justify-center">
      <EndOfList label="Show older messages" busy={busy} onReached={load} />
    </div>
  );
}
