import { expect, test } from 'vitest';

import { page, prompt, uuid } from '../../test/fixtures';
import { forgetTranscript, transcriptOf } from './transcripts';

function visit(number: number): void {
  transcriptOf(uuid(number)).dispatch({ type: 'read', page: page([prompt()]) });
}

test('the conversations visited last stay at hand, others are let go', () => {
  for (let number = 1; number <= 21; number += 1) {
    visit(number);
  }
  expect(transcriptOf(uuid(2)).state.loaded).toBe(true);
  expect(transcriptOf(uuid(1)).state.loaded).toBe(false);
});

test('one with a prompt under way stays, however long ago it was visited', () => {
  transcriptOf(uuid(100)).dispatch({ type: 'queued', client_id: 'c1', content: 'Hello' });
  for (let number = 101; number <= 140; number += 1) {
    visit(number);
  }
  expect(transcriptOf(uuid(100)).state.outbox).toHaveLength(1);
});

test('a deleted one is forgotten', () => {
  visit(200);
  forgetTranscript(uuid(200));
  expect(transcriptOf(uuid(200)).state.loaded).toBe(false);
});
