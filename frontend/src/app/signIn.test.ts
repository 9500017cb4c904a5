import { expect, it, vi } from 'vitest';

import { signIn } from './signIn';

it('asks once, however many requests wait, and lets all of them go on', async () => {
  const heard = vi.fn();
  const stop = signIn.subscribe(heard);
  const done = [signIn.required(), signIn.required()].map((waiting) => waiting.then(() => 'on'));
  expect(signIn.isRequired()).toBe(true);
  expect(heard).toHaveBeenCalledTimes(1);
  signIn.done();
  expect(await Promise.all(done)).toEqual(['on', 'on']);
  expect(signIn.isRequired()).toBe(false);
  stop();
});
