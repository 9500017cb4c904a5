import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { TranscriptFrame } from '../../realtime/frames';
import { answer, created, delta, ended, freshAnswer, page, prompt, thinking } from '../../test/fixtures';
import { reduce } from './reducer';
import { NEW, rereadDue, type Transcript, type TranscriptAction } from './state';

/** An answer as the server has it, and the frames that it was sent in. */
interface Answer {
  said: string;
  thought: string;
  frames: TranscriptFrame[];
  /** What is stored once the frames up to the one with this index have been sent: a checkpoint may be ahead of them. */
  checkpoints: TranscriptAction[];
}

const piece = fc.record({
  text: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  thought: fc.boolean(),
  /** How much of the piece after it a checkpoint has already. */
  ahead: fc.double({ min: 0, max: 1, noNaN: true }),
});

const anyAnswer: fc.Arbitrary<Answer> = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => {
  let said = '';
  let thought = '';
  const frames: TranscriptFrame[] = [];
  const checkpoints: TranscriptAction[] = [];
  pieces.forEach((one, index) => {
    const seq = index + 1;
    if (one.thought) {
      frames.push(thinking(seq, thought.length, one.text));
      thought += one.text;
    } else {
      frames.push(delta(seq, said.length, one.text));
      said += one.text;
    }
    const next = pieces[seq];
    const more = next?.text.slice(0, Math.floor(next.text.length * one.ahead)) ?? '';
    const stored = freshAnswer({
      content: said + (next?.thought === false ? more : ''),
      thinking: thought + (next?.thought ? more : '') || null,
      last_seq: seq,
    });
    checkpoints.push({ type: 'read', page: page([prompt(), stored]) });
  });
  return { said, thought, frames, checkpoints };
});

/** Everything that can reach the page of an answer, in any order, some of it twice and some of it never. */
function arrivals({ said, frames, checkpoints }: Answer): fc.Arbitrary<TranscriptAction[]> {
  const sent = [created(prompt(), 11), ...frames, ended(said.length, frames.length)];
  const possible: TranscriptAction[] = [
    ...sent.map((frame): TranscriptAction => ({ type: 'frame', frame })),
    ...checkpoints,
  ];
  const anyOrder = fc.array(fc.constantFrom(...possible), { maxLength: possible.length * 3 });
  const almostInOrder = fc
    .array(fc.record({ of: fc.nat(possible.length - 1), late: fc.integer({ min: 0, max: 3 }) }), { maxLength: 40 })
    .map((picked) => picked.sort((a, b) => a.of + a.late - (b.of + b.late)).map(({ of }) => possible[of]!));
  const allOfThem = fc.shuffledSubarray(possible, { minLength: possible.length });
  return fc.oneof(anyOrder, almostInOrder, allOfThem);
}

const scenario = anyAnswer.chain((told) => arrivals(told).map((actions) => ({ told, actions })));

function shown(state: Transcript): { said: string; thought: string; status: string | undefined } {
  const message = state.messages.find(({ id }) => id === 11);
  return { said: message?.content ?? '', thought: message?.thinking ?? '', status: message?.status };
}

test('whatever arrives, what is shown is a beginning of what is stored and never shrinks, and in the end it is all of it', () => {
  fc.assert(
    fc.property(scenario, ({ told, actions }) => {
      let state = NEW;
      let before = shown(state);
      for (const action of actions) {
        state = reduce(state, action);
        const now = shown(state);
        expect(told.said.startsWith(now.said)).toBe(true);
        expect(told.thought.startsWith(now.thought)).toBe(true);
        expect(now.said.length).toBeGreaterThanOrEqual(before.said.length);
        expect(now.thought.length).toBeGreaterThanOrEqual(before.thought.length);
        before = now;
      }
      // The end is always told, by its frame or, if that was lost, by the read that silence leads to.
      state = reduce(state, { type: 'frame', frame: ended(told.said.length, told.frames.length) });
      if (rereadDue(state) !== 'no') {
        const whole = answer({ content: told.said, thinking: told.thought || null, last_seq: told.frames.length });
        state = reduce(state, { type: 'read', page: page([prompt(), whole]) });
      }
      expect(shown(state)).toEqual({ said: told.said, thought: told.thought, status: 'complete' });
      expect(rereadDue(state)).toBe('no');
    }),
    { numRuns: 500 },
  );
});

test('frames that all arrive need no read', () => {
  fc.assert(
    fc.property(
      anyAnswer.chain((told) =>
        fc.shuffledSubarray(told.frames, { minLength: told.frames.length }).map((frames) => ({ told, frames })),
      ),
      ({ told, frames }) => {
        const all = [created(prompt(), 11), ...frames, ended(told.said.length, told.frames.length)];
        const state = all.reduce((known, frame) => reduce(known, { type: 'frame', frame }), NEW);
        expect(rereadDue(state)).toBe('no');
        expect(shown(state).said).toBe(told.said);
      },
    ),
  );
});
