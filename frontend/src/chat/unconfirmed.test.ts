/* eslint-disable no-restricted-globals -- what the browser keeps is looked at from outside */
import { expect, test } from 'vitest';

import { ID } from '../test/fixtures';
import { unconfirmed } from './unconfirmed';

test('a prompt under way is found by the next visit, with its name and a sentence', () => {
  unconfirmed.save(ID, { client_id: 'c1', content: 'Hello' });
  expect(unconfirmed.read(ID)).toMatchObject({
    client_id: 'c1',
    content: 'Hello',
    problem: { detail: 'This message was not sent. Send it again.' },
  });
});

test('a confirmed one is not', () => {
  unconfirmed.save(ID, { client_id: 'c1', content: 'Hello' });
  unconfirmed.save(ID, null);
  expect(unconfirmed.read(ID)).toBeNull();
});

test.each(['', '{', '{}', 'null', '[]', '[1,2]', '["c1"]'])('what cannot be read is nothing: %s', (stored) => {
  localStorage.setItem(`recollect.unconfirmed.${ID}`, stored);
  expect(unconfirmed.read(ID)).toBeNull();
});
