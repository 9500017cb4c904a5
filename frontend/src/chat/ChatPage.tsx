import { useParams } from 'react-router';

import { ChatInterface } from './ChatInterface';
import { NewChat } from './NewChat';

/** A conversation, or the place where one begins. */
export function Component() {
  const { conversationId } = useParams();
  return conversationId === undefined ? <NewChat /> : <ChatInterface key={conversationId} id={conversationId} />;
}
Component.displayName = 'ChatPage';
