import { useParams } from 'react-router';

import { ChatInterface } from './ChatInterface';

/** The page of a conversation. Another conversation is another page: nothing of the one before stays. */
export default function ChatPage() {
  const { conversationId = '' } = useParams();
  return <ChatInterface key={conversationId} id={conversationId} />;
}
