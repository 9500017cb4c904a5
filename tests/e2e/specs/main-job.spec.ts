import { Script } from '../support/Script';
import { expect, test, unique } from '../support/test';

test('a person asks, watches the answer grow, and finds it again', async ({ chat, sidebar, peer, another }) => {
  const prompt = unique('What makes the tides?');
  const [first, second] = [unique('first'), unique('second')];
  await peer.answer(
    prompt,
    Script.answer('The moon pulls ')
      .hold(first)
      .text('at the sea,\n\nand the sea ')
      .hold(second)
      .text('follows **twice** a day.')
      .finish(),
  );

  await chat.open();
  await expect(chat.page.getByRole('heading', { name: 'What is on your mind?' })).toBeVisible();
  await chat.say(prompt);

  await test.step('the answer grows', async () => {
    await expect(chat.promptTexts).toHaveText([prompt]);
    await expect(chat.paragraphs).toHaveText(['The moon pulls']);
    await expect(chat.answers).toHaveAttribute('aria-busy', 'true');
    await peer.release(first);
    await expect(chat.paragraphs).toHaveText(['The moon pulls at the sea,', 'and the sea']);
    await expect(chat.answers).toHaveAttribute('aria-busy', 'true');
    await peer.release(second);
    await expect(chat.paragraphs).toHaveText(['The moon pulls at the sea,', 'and the sea follows twice a day.']);
    await chat.untilFinished();
    await expect(chat.answers.locator('strong')).toHaveText('twice');
  });

  const shown = await chat.transcript();
  const id = await chat.conversation();
  await expect(sidebar.row(prompt)).toHaveAttribute('aria-current', 'page');
  await expect(chat.page).toHaveTitle(`${prompt} · Recollect`);

  await test.step('it is there after a reload', async () => {
    await chat.page.reload();
    await expect(chat.answers).toHaveAttribute('aria-busy', 'false');
    await expect.poll(() => chat.transcript()).toEqual(shown);
  });

  await test.step('and in another browser', async () => {
    const elsewhere = await another();
    await elsewhere.chat.open(id);
    await expect(elsewhere.chat.answers).toHaveAttribute('aria-busy', 'false');
    await expect.poll(() => elsewhere.chat.transcript()).toEqual(shown);
    await expect(elsewhere.sidebar.row(prompt)).toBeVisible();
  });
});

test('a conversation goes on after its first answer', async ({ chat, peer }) => {
  const prompt = unique('Name a river.');
  await peer.answer(prompt, Script.answer('The Danube.').finish());
  await chat.open();
  await chat.ask(prompt);
  const next = unique('Where does it rise?');
  await peer.answer(next, Script.answer('In the Black Forest.').finish());
  await chat.ask(next);

  await expect(chat.promptTexts).toHaveText([prompt, next]);
  await expect(chat.paragraphs).toHaveText(['The Danube.', 'In the Black Forest.']);
});

test('while an answer is written one can write, but not send', async ({ chat, peer }) => {
  const prompt = unique('Take your time.');
  const hold = unique('hold');
  await peer.answer(prompt, Script.answer('Yes').hold(hold).text(', here I am.').finish());
  await chat.open();
  await chat.say(prompt);
  await expect(chat.paragraphs).toHaveText('Yes');

  await chat.box.fill('And another thing');
  await expect(chat.page.getByText('The answer is still being written.')).toBeVisible();
  await chat.box.press('Enter');
  await expect(chat.box).toHaveValue('And another thing');
  await peer.release(hold);
  await chat.untilFinished();
  await chat.box.press('Enter');
  await expect(chat.promptTexts).toHaveText([prompt, 'And another thing']);
  await chat.untilFinished();
});

test('a reload in the middle of an answer loses nothing of it', async ({ chat, peer }) => {
  const prompt = unique('Count to three.');
  const [first, second] = [unique('first'), unique('second')];
  await peer.answer(prompt, Script.answer('One, ').hold(first).text('two, ').hold(second).text('three.').finish());
  await chat.open();
  await chat.say(prompt);
  await expect(chat.paragraphs).toHaveText('One,');

  await chat.page.reload();
  await expect(chat.paragraphs).toHaveText('One,');
  await peer.release(first);
  await expect(chat.paragraphs).toHaveText('One, two,');
  await peer.release(second);
  await expect(chat.paragraphs).toHaveText('One, two, three.');
  await chat.untilFinished();
});

test('what a model thinks is there for whoever wants to see it', async ({ chat, peer }) => {
  const prompt = unique('Think first.');
  const hold = unique('hold');
  await peer.answer(prompt, Script.answer().thinking('Seven is prime.').hold(hold).text('Yes, it is.').finish());
  await chat.open();
  await chat.say(prompt);
  await chat.answers.getByText('Thinking…').click();
  await expect(chat.answers.getByText('Seven is prime.')).toBeVisible();
  await peer.release(hold);
  await expect(chat.paragraphs).toHaveText('Yes, it is.');
  await expect(chat.answers.getByText('What it thought')).toBeVisible();
});

test('a prompt too long for a frame is sent all the same', async ({ chat, peer, watch }) => {
  const prompt = `${unique('Mind all of this:')} ${'wave '.repeat(8_000)}end`;
  await peer.answer(prompt.slice(0, 30), Script.answer('I did.').finish());
  await chat.open();
  await chat.ask(prompt);
  await expect(chat.paragraphs).toHaveText('I did.');
  await chat.prompts.getByRole('button', { name: 'Show all' }).click();
  await expect(chat.prompts).toContainText(prompt);
  expect(watch.frames.some(({ action }) => action === 'sendMessage')).toBe(false);
});

test('a prompt over the limit is not sent, and says by how much', async ({ chat }) => {
  await chat.open();
  await chat.box.fill('x'.repeat(100_001));
  await expect(chat.page.getByText('Shorten it by 1 to send it.')).toBeVisible();
  await chat.box.press('Enter');
  await expect(chat.page).toHaveURL(/\/$/);
  await expect(chat.box).toHaveValue(/x{100001}/);
});
