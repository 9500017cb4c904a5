import { Script } from '../support/Script';
import { expect, test, unique } from '../support/test';

// What may pass by itself is tried three times before it is told.
for (const { status, times, code, sentence } of [
  { status: 401, times: 1, code: 'invalid_api_key', sentence: 'OpenAI refused the key. Check OPENAI_API_KEY.' },
  {
    status: 429,
    times: 3,
    code: 'rate_limit_exceeded',
    sentence: 'OpenAI takes no more requests right now. Try again in a minute.',
  },
  { status: 500, times: 3, code: 'server_error', sentence: 'OpenAI failed. Try again, or choose another model.' },
]) {
  test(`a model that fails with ${status} is a sentence, and can be asked again`, async ({ chat, peer }) => {
    const prompt = unique(`Fail with ${status}.`);
    await peer.answer(prompt, Script.error(status, code).times(times));
    await chat.open();
    await chat.ask(prompt);
    await expect(chat.answers).toContainText(sentence);

    await chat.page.reload();
    await expect(chat.answers).toContainText(sentence);

    await peer.answer(prompt, Script.answer('Here I am again.').finish());
    await chat.answers.getByRole('button', { name: 'Ask again' }).click();
    await expect(chat.answers).toHaveCount(2);
    await expect(chat.paragraphs.last()).toHaveText('Here I am again.');
    await expect(chat.answers.getByRole('button', { name: 'Ask again' })).toHaveCount(0);
  });
}

test('an answer that breaks off keeps what has come', async ({ chat, peer }) => {
  const prompt = unique('Break off.');
  const hold = unique('hold');
  await peer.answer(prompt, Script.answer('Half of it').hold(hold).breakOff());
  await chat.open();
  await chat.say(prompt);
  await expect(chat.answers.locator('.prose')).toHaveText('Half of it');
  await peer.release(hold);
  await chat.untilFinished();
  await expect(chat.answers).toContainText('The answer was cut off');

  await chat.page.reload();
  await expect(chat.answers.locator('.prose')).toHaveText('Half of it');
  await expect(chat.answers).toContainText('The answer was cut off');
});

test('an answer at the model’s limit says how to get the rest', async ({ chat, peer }) => {
  const prompt = unique('Go on and on.');
  await peer.answer(prompt, Script.answer('And on').finish('length'));
  await chat.open();
  await chat.ask(prompt);
  await expect(chat.answers).toContainText('The answer is as long as the model allows');
});
