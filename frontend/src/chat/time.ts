const TIME = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const DAY_AND_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** When a message was said, in the person's time zone: the time today, with the day before that. */
export function timeOf(timestamp: string, now: Date = new Date()): string {
  const date = new Date(timestamp);
  return (date.toDateString() === now.toDateString() ? TIME : DAY_AND_TIME).format(date);
}
