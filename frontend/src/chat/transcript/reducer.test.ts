import { describe, expect, test } from 'vitest';

import type { Message } from '../../api/types';
import type { TranscriptFrame } from '../../realtime/frames';
import {
  answer,
  created,
  delta,
  DOWN,
  ended,
  failed,
  freshAnswer,
  ID,
  page,
  problem,
  prompt,
  thinking,
} from '../../test/fixtures';
import { reduce } from './reducer';
import { EMPTY, NEW, rereadDue, runningAnswer, type Transcript, type TranscriptAction } from './state';

function run(from: Transcript, ...actions: TranscriptAction[]): Transcript {
  return actions.reduce(reduce, from);
}

function receive(from: Transcript, ...frames: TranscriptFrame[]): Transcript {
  return run(from, ...frames.map((frame) => ({ type: 'frame' as const, frame })));
}

function contents({ messages }: Transcript): string[] {
  return messages.map(({ content }) => content);
}

function reply({ messages }: Transcript, id = 11): Message {
  return messages.find((message) => message.id === id)!;
}

const ASKED = receive(NEW, created(prompt(), 11));

describe('an answer that comes in order', () => {
  test('begins empty and running, below its prompt', () => {
    expect(contents(ASKED)).toEqual(['What shall I call it?', '']);
    expect(runningAnswer(ASKED)).toMatchObject({ id: 11, parent_id: 10, status: 'streaming', sender: 'assistant' });
    expect(rereadDue(ASKED)).toBe('no');
  });

  test('takes over the model when it has been asked', () => {
    const started = receive(ASKED, { type: 'reply.started', conversation_id: ID, message_id: 11, model: 'ollama/x' });
    expect(reply(started).model).toBe('ollama/x');
  });

  test('grows by each delta, and is whole at the end', () => {
    const whole = receive(ASKED, delta(1, 0, 'Call '), delta(2, 5, 'it Ibis.'), ended(13, 2));
    expect(reply(whole)).toMatchObject({ content: 'Call it Ibis.', status: 'complete', finish_reason: 'stop' });
    expect(rereadDue(whole)).toBe('no');
    expect(whole.streams).toEqual({});
  });

  test('keeps what was thought apart from what was said', () => {
    const both = receive(ASKED, thinking(1, 0, 'Hm. '), thinking(2, 4, 'Birds?'), delta(3, 0, 'Ibis'));
    expect(reply(both)).toMatchObject({ thinking: 'Hm. Birds?', content: 'Ibis', last_seq: 3 });
  });

  test('remembers a notice while it runs, and no longer', () => {
    const noticed = receive(ASKED, {
      type: 'reply.notice',
      conversation_id: ID,
      message_id: 11,
      notice: 'trimmed',
    });
    expect(noticed.streams[11]?.notice).toBe('trimmed');
    expect(receive(noticed, ended(0, 0)).streams).toEqual({});
    const late = receive(ASKED, ended(0, 0), {
      type: 'reply.notice',
      conversation_id: ID,
      message_id: 11,
      notice: 'retrying',
    });
    expect(late.streams).toEqual({});
  });
});

describe('frames that do not come as they were sent', () => {
  test('one that comes twice counts once', () => {
    const twice = receive(ASKED, delta(1, 0, 'One '), delta(1, 0, 'One '), delta(2, 4, 'two'), delta(1, 0, 'One '));
    expect(reply(twice).content).toBe('One two');
  });

  test('the same repeated frame leaves the very same state', () => {
    const once = receive(ASKED, delta(1, 0, 'One'));
    expect(receive(once, delta(1, 0, 'One'))).toBe(once);
  });

  test('one that overtakes waits for those before it', () => {
    const gap = receive(ASKED, delta(3, 8, 'three'), delta(2, 4, 'two '));
    expect(reply(gap).content).toBe('');
    expect(rereadDue(gap)).toBe('soon');
    const closed = receive(gap, delta(1, 0, 'one '));
    expect(reply(closed).content).toBe('one two three');
    expect(rereadDue(closed)).toBe('no');
  });

  test('one whose text begins after a hole is not put at the wrong place', () => {
    const hole = receive(ASKED, delta(1, 0, 'abc'), delta(2, 7, 'xyz'));
    expect(reply(hole).content).toBe('abc');
    expect(rereadDue(hole)).toBe('soon');
  });

  test('one that overlaps adds only what is new', () => {
    const read = run(ASKED, { type: 'read', page: page([prompt(), freshAnswer({ content: 'abcde', last_seq: 1 })]) });
    expect(reply(receive(read, delta(2, 3, 'defg'))).content).toBe('abcdefg');
    expect(reply(receive(read, delta(2, 1, 'bc'))).content).toBe('abcde');
  });

  test('a delta of an answer that has ended changes nothing', () => {
    const whole = receive(ASKED, delta(1, 0, 'Ibis'), ended(4, 1));
    expect(receive(whole, delta(2, 4, '!'))).toBe(whole);
    expect(receive(whole, failed(DOWN))).toBe(whole);
  });

  test('frames of an answer nobody told of are kept, and the rest is read', () => {
    const orphan = receive(NEW, delta(1, 0, 'Ibis'));
    expect(reply(orphan)).toMatchObject({ content: 'Ibis', status: 'streaming' });
    expect(rereadDue(orphan)).toBe('soon');
    const told = receive(orphan, created(prompt(), 11));
    expect(contents(told)).toEqual(['What shall I call it?', 'Ibis']);
    expect(reply(told).parent_id).toBe(10);
    expect(rereadDue(told)).toBe('no');
  });
});

describe('the end of an answer', () => {
  test.each([
    ['text is missing', ended(9, 1)],
    ['there is more text than there should be', ended(2, 1)],
    ['frames are missing', ended(4, 3)],
  ])('is read again when %s', (_, end) => {
    const short = receive(ASKED, delta(1, 0, 'Ibis'), end);
    expect(reply(short).status).toBe('complete');
    expect(rereadDue(short)).toBe('now');
    const read = run(short, { type: 'read', page: page([prompt(), answer({ content: 'Ibis or Albatross' })]) });
    expect(reply(read).content).toBe('Ibis or Albatross');
    expect(rereadDue(read)).toBe('no');
  });

  test('throws away what waited for a frame that never came', () => {
    const short = receive(ASKED, delta(2, 4, 'lost'), ended(8, 2));
    expect(rereadDue(short)).toBe('now');
    expect(short.streams[11]?.ahead).toEqual([]);
  });

  test('is told when it failed, with the reason', () => {
    expect(reply(receive(ASKED, failed(DOWN)))).toMatchObject({ status: 'failed', error: DOWN });
  });

  test('keeps the text when it was stopped', () => {
    const stopped = receive(ASKED, delta(1, 0, 'Ibis'), ended(4, 1, 'stopped'));
    expect(reply(stopped)).toMatchObject({ status: 'stopped', content: 'Ibis' });
  });

  test('when cut off, keeps the text and asks for the reason, which the frame does not tell', () => {
    const cut = receive(ASKED, delta(1, 0, 'Ibis'), ended(4, 1, 'interrupted'));
    expect(reply(cut)).toMatchObject({ status: 'interrupted', content: 'Ibis' });
    expect(rereadDue(cut)).toBe('soon');
    const why = problem('answer-cut', 'The connection to the model broke.');
    const read = run(cut, {
      type: 'read',
      page: page([prompt(), answer({ status: 'interrupted', content: 'Ibis', error: why })]),
    });
    expect(reply(read).error).toEqual(why);
    expect(rereadDue(read)).toBe('no');
  });
});

describe('a prompt', () => {
  const queued = run(NEW, { type: 'queued', client_id: 'c10', content: 'What shall I call it?' });

  test('waits in the outbox until it is confirmed', () => {
    expect(queued.outbox).toEqual([{ client_id: 'c10', content: 'What shall I call it?', phase: 'queued' }]);
    const sending = run(queued, { type: 'sending', client_id: 'c10' });
    expect(sending.outbox[0]?.phase).toBe('sending');
    expect(receive(sending, created(prompt(), 11)).outbox).toEqual([]);
  });

  test('is confirmed over HTTP as well', () => {
    const accepted = run(queued, { type: 'accepted', exchange: { message: prompt(), reply: freshAnswer() } });
    expect(accepted.outbox).toEqual([]);
    expect(contents(accepted)).toEqual(['What shall I call it?', '']);
  });

  test('that is too long to be repeated keeps its text', () => {
    const confirmed = receive(queued, created(prompt({ content: '' }), 11, { truncated: true }));
    expect(contents(confirmed)).toEqual(['What shall I call it?', '']);
    expect(rereadDue(confirmed)).toBe('no');
  });

  test('of another tab that is too long to be repeated is read', () => {
    const told = receive(NEW, created(prompt({ content: '' }), 11, { truncated: true }));
    expect(rereadDue(told)).toBe('soon');
  });

  test('that follows messages nobody told of has them read', () => {
    const told = receive(NEW, created(prompt({ id: 30, parent_id: 29 }), 31));
    expect(rereadDue(told)).toBe('soon');
  });

  test('that was refused is given back', () => {
    const refused = run(queued, { type: 'refused', client_id: 'c10', problem: DOWN });
    expect(refused.outbox).toEqual([]);
    expect(refused.refused).toEqual({ client_id: 'c10', content: 'What shall I call it?', problem: DOWN });
    expect(run(refused, { type: 'taken-back' }).refused).toBeNull();
  });

  test('that was refused and turns out to be stored is not given back', () => {
    const refused = run(queued, { type: 'refused', client_id: 'c10', problem: DOWN });
    expect(receive(refused, created(prompt(), 11)).refused).toBeNull();
    expect(run(refused, { type: 'read', page: page([prompt(), freshAnswer()]) }).refused).toBeNull();
  });

  test('that nobody knows cannot be refused', () => {
    expect(run(NEW, { type: 'refused', client_id: 'other', problem: DOWN })).toBe(NEW);
  });

  test('that was told of twice is there once', () => {
    expect(receive(ASKED, created(prompt(), 11)).messages).toEqual(ASKED.messages);
  });
});

test('nothing is known before it has been read', () => {
  expect(EMPTY.loaded).toBe(false);
  expect(run(EMPTY, { type: 'read', page: page([]) }).loaded).toBe(true);
});
