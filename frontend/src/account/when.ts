const FORMAT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** A moment in the person's own words. */
export function when(time: string): string {
  return FORMAT.format(new Date(time));
}
