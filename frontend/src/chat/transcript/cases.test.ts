import { expect, it } from 'vitest';

import type { Message } from '../../api/types';
import { fits, type DeltaFrame, type TranscriptFrame } from '../../realtime/frames';
import { reduce } from './reducer';
import { NEW, rereadDue, type Transcript } from './state';

const CONVERSATION = '01890a5d-ac96-774b-bcce-b302099a8057';
const WORDS = ['The ', 'sea ', 'is ', 'wide.'];

function delta(seq: number): DeltaFrame {
  const offset = WORDS.slice(0, seq - 1).join('').length;
  return { type: 'reply.delta', conversation_id: CONVERSATION, message_id: 2, seq, offset, text: WORDS[seq - 1] ?? '' };
}

function shown(...frames: TranscriptFrame[]): Transcript {
  return frames.reduce<Transcript>((state, frame) => reduce(state, { type: 'frame', frame }), NEW);
}

function content({ messages }: Transcript): string | undefined {
  return messages.find(({ id }) => id === 2)?.content;
}

/** Frames that come twice, out of order or not at all: the text is never wrong, and what is missing is read again. */
it('case_49_gaps_duplicates_and_order', () => {
  const [one, two, three, four] = [delta(1), delta(2), delta(3), delta(4)];
  const whole = WORDS.join('');
  expect(content(shown(one, two, three, four))).toBe(whole);
  expect(content(shown(one, one, two, two, one, three, four, three))).toBe(whole);
  expect(content(shown(one, three, two, four))).toBe(whole);
  expect(content(shown(four, three, two, one))).toBe(whole);

  const gap = shown(one, three, four);
  expect(content(gap)).toBe('The ');
  expect(rereadDue(gap)).not.toBe('no');
  const stored: Message = {
    ...gap.messages.find(({ id }) => id === 2)!,
    content: 'The sea ',
    last_seq: 2,
  };
  const read = reduce(gap, { type: 'read', page: { items: [stored] } });
  expect(content(read)).toBe(whole);
});

/** A prompt of 40 KB does not go over the socket, which would be closed; it goes over HTTP. */
it('case_55_long_prompt_is_not_sent_over_the_socket', () => {
  const frame = (content: string) => JSON.stringify({ action: 'sendMessage', client_id: 'one', content });
  expect(fits(frame('x'.repeat(40 * 1024)))).toBe(false);
  expect(fits(frame('語'.repeat(9 * 1024)))).toBe(false);
  expect(fits(frame('x'.repeat(20 * 1024)))).toBe(true);
});
