import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { answer, created, delta, DOWN, ended, failed, prompt, thinking } from '../test/fixtures';
import { fits, FRAME_LIMIT, parseFrame, type ServerFrame } from './frames';

const KNOWN: ServerFrame[] = [
  created(prompt(), 11),
  { type: 'reply.started', conversation_id: 'x', message_id: 11, model: 'openai/gpt-5' },
  delta(1, 0, 'Hello'),
  thinking(1, 0, 'Hm'),
  { type: 'reply.notice', conversation_id: 'x', message_id: 11, notice: 'trimmed' },
  ended(5, 1, 'completed', answer()),
  ended(5, 1, 'stopped', answer()),
  ended(5, 1, 'interrupted', answer()),
  failed(DOWN),
  { type: 'conversation.updated', conversation_id: 'x', title: 'New', version: 2 },
  { type: 'error', problem: DOWN, client_id: 'c1' },
  { type: 'pong' },
];

describe('a frame is read', () => {
  test.each(KNOWN.map((frame) => [frame.type, frame] as const))('%s', (_, frame) => {
    expect(parseFrame(JSON.stringify(frame))).toEqual(frame);
  });

  test('the gateway’s own error, which has no type, is an error about nobody’s prompt', () => {
    const gateway = { message: 'Internal server error', connectionId: 'abc', requestId: 'def' };
    expect(parseFrame(JSON.stringify(gateway))).toEqual({
      type: 'error',
      problem: expect.objectContaining({ detail: expect.stringContaining('Try again') as string }) as unknown,
    });
  });
});

describe('a frame is left out', () => {
  test.each([
    ['of a kind that a newer server sends', '{"type":"reply.sang","message_id":1}'],
    ['whose kind is no text', '{"type":7}'],
    ['without a kind', '{"message_id":1}'],
    ['that is cut off', '{"type":"pong"'],
    ['that is empty', ''],
    ['that is no object', '"pong"'],
    ['that is null', 'null'],
    ['that is a list', '[{"type":"pong"}]'],
    ['that is an error without a reason', '{"type":"error"}'],
    ['that is an error whose reason is no problem', '{"type":"error","problem":"bad"}'],
  ])('%s', (_, text) => {
    expect(parseFrame(text)).toBeNull();
  });

  test('that is binary', () => {
    expect(parseFrame(new ArrayBuffer(4))).toBeNull();
    expect(parseFrame(new Blob(['{"type":"pong"}']))).toBeNull();
  });

  test('whatever comes, nothing is thrown', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const frame = parseFrame(text);
        expect(frame === null || typeof frame.type === 'string').toBe(true);
      }),
    );
  });
});

describe('a frame fits the socket', () => {
  test.each([
    ['of as many one-byte characters as bytes', 'x'.repeat(FRAME_LIMIT), true],
    ['of one byte more', 'x'.repeat(FRAME_LIMIT + 1), false],
    ['of three-byte characters', '€'.repeat(FRAME_LIMIT / 3), true],
    ['of one of them more', '€'.repeat(FRAME_LIMIT / 3 + 1), false],
    ['of pairs, which are four bytes', '🌊'.repeat(FRAME_LIMIT / 4), true],
    ['of one pair more', '🌊'.repeat(FRAME_LIMIT / 4 + 1), false],
  ])('%s: %#', (_, frame, expected) => {
    expect(fits(frame)).toBe(expected);
  });
});
