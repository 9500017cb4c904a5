/** The longest prompt that the server accepts, in UTF-16 code units: what JavaScript calls a string's length. */
export const CONTENT_LIMIT = 100_000;

/** From here on the room that is left is shown. */
const MENTIONED_FROM = 0.9;

const NUMBER = new Intl.NumberFormat();

/** What to say about a text's length; `over` forbids sending it. */
export function lengthNote(length: number): { over: boolean; text: string } | null {
  if (length < CONTENT_LIMIT * MENTIONED_FROM) {
    return null;
  }
  const limit = NUMBER.format(CONTENT_LIMIT);
  return length > CONTENT_LIMIT
    ? {
        over: true,
        text: `A message can have ${limit} characters. Shorten it by ${NUMBER.format(length - CONTENT_LIMIT)} to send it.`,
      }
    : { over: false, text: `${NUMBER.format(CONTENT_LIMIT - length)} of ${limit} characters left.` };
}
