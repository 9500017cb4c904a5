/** What a conversation without a title is called. */
export function conversationTitle({ title }: { title?: string | null }): string {
  return title ?? 'New conversation';
}
