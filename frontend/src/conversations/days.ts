import type { ConversationItem } from '../api/types';

/** Conversations under one heading of the list. */
export interface Group {
  heading: string;
  items: ConversationItem[];
}

const MONTH = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric' });

/** Groups a list that is in order: pinned ones, then by the day of the last change in the person's time zone. */
export function groupByDay(conversations: readonly ConversationItem[], now: Date): Group[] {
  const groups: Group[] = [];
  for (const item of conversations) {
    const heading = item.pinned_at != null ? 'Pinned' : dayHeading(new Date(item.updated_at), now);
    const group = groups.at(-1);
    if (group?.heading === heading) {
      group.items.push(item);
    } else {
      groups.push({ heading, items: [item] });
    }
  }
  return groups;
}

function dayHeading(date: Date, now: Date): string {
  // A calendar day is not always 24 hours long, so days are counted between midnights and rounded.
  const days = Math.round((midnight(now) - midnight(date)) / 86_400_000);
  if (days <= 0) {
    return 'Today';
  }
  if (days === 1) {
    return 'Yesterday';
  }
  if (days <= 7) {
    return 'Last 7 days';
  }
  return days <= 30 ? 'Last 30 days' : MONTH.format(date);
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
