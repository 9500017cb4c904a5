import { Script } from '../support/Script';
import { expect, test, unique } from '../support/test';

test('two windows show the same answer as it grows', async ({ chat, peer, another, api }) => {
  const id = await api.createConversation();
  const prompt = unique('Say it to both.');
  const hold = unique('hold');
  await peer.answer(prompt, Script.answer('To the left ').hold(hold).text('and to the right.').finish());
  const other = await another();
  await Promise.all([chat.open(id), other.chat.open(id)]);
  const windows = [chat, other.chat];
  for (const { page } of windows) {
    await expect(page.getByText('Live', { exact: true })).toBeVisible();
  }

  await chat.say(prompt);
  for (const { promptTexts, paragraphs, answers } of windows) {
    await expect(promptTexts).toHaveText([prompt]);
    await expect(paragraphs).toHaveText('To the left');
    await expect(answers).toHaveAttribute('aria-busy', 'true');
  }
  await peer.release(hold);
  for (const { paragraphs, answers } of windows) {
    await expect(paragraphs).toHaveText('To the left and to the right.');
    await expect(answers).toHaveAttribute('aria-busy', 'false');
  }
});

test('the list of another window follows', async ({ chat, sidebar, another, api }) => {
  const other = await another();
  await Promise.all([chat.open(), other.chat.open()]);
  const title = unique('Seen at once');
  const id = await api.createConversation({ title });
  await expect(sidebar.row(title)).toBeVisible();
  await expect(other.sidebar.row(title)).toBeVisible();

  const renamed = unique('Renamed');
  await api.updateConversation(id, { title: renamed });
  await expect(sidebar.row(renamed)).toBeVisible();
  await expect(sidebar.row(title)).toHaveCount(0);

  await api.deleteConversation(id);
  await expect(sidebar.row(renamed)).toHaveCount(0);
  await expect(other.sidebar.row(renamed)).toHaveCount(0);
});

test('a conversation that another window deletes is gone here too', async ({ chat, page, api, watch }) => {
  const title = unique('Soon gone');
  const id = await api.createConversation({ title });
  await chat.open(id);
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  watch.expect(/the server responded with a status of 404/);
  await api.deleteConversation(id);
  await expect(page.getByRole('heading', { name: 'This conversation is not here' })).toBeVisible();
});
