import { expect, test, unique } from '../support/test';

test('a conversation is renamed', async ({ chat, sidebar, api }) => {
  const [before, after] = [unique('Before'), unique('After')];
  await chat.open(await api.createConversation({ title: before }));
  await sidebar.choose(before, 'Rename');
  const field = sidebar.list.getByRole('textbox', { name: 'Title' });
  await expect(field).toHaveValue(before);
  await field.fill(after);
  await field.press('Enter');

  await expect(sidebar.row(after)).toBeFocused();
  await expect(chat.page.getByRole('heading', { name: after })).toBeVisible();
  await chat.page.reload();
  await expect(sidebar.row(after)).toBeVisible();
  await expect(sidebar.row(before)).toHaveCount(0);
});

test('a title that is not wanted after all stays as it was', async ({ chat, sidebar, api }) => {
  const title = unique('To stay');
  await chat.open(await api.createConversation({ title }));
  await sidebar.choose(title, 'Rename');
  const field = sidebar.list.getByRole('textbox', { name: 'Title' });
  await field.fill('Something else');
  await field.press('Escape');
  await expect(sidebar.row(title)).toBeVisible();
});

test('a conversation is deleted after a question', async ({ chat, sidebar, api }) => {
  const title = unique('To be deleted');
  const id = await api.createConversation({ title });
  await chat.open(id);
  await sidebar.choose(title, 'Delete');
  const question = chat.page.getByRole('dialog', { name: 'Delete this conversation?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(sidebar.row(title)).toBeVisible();

  await sidebar.choose(title, 'Delete');
  await question.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(chat.page).toHaveURL(/\/$/);
  await expect(sidebar.row(title)).toHaveCount(0);
});

test('the address of a conversation that is gone says so', async ({ page, api, watch }) => {
  const id = await api.createConversation();
  await api.deleteConversation(id);
  // The browser logs every response over 399.
  watch.expect(/the server responded with a status of (404|422)/);
  for (const gone of [id, 'not-an-id']) {
    await page.goto(`/chat/${gone}`);
    await expect(page.getByRole('heading', { name: 'This conversation is not here' })).toBeVisible();
  }
});

test('conversations are found by words of their titles, and put away', async ({ chat, sidebar, api }) => {
  const title = unique('Letters from Ghent');
  await api.createConversation({ title });
  await chat.open();
  await sidebar.search.fill(title.toUpperCase());
  await expect(sidebar.list.getByRole('link')).toHaveText([title]);

  await sidebar.choose(title, 'Archive');
  await expect(sidebar.list.getByText('has “')).toBeVisible();
  await chat.page.getByRole('button', { name: 'Show the archive' }).click();
  await expect(sidebar.list.getByRole('link')).toHaveText([title]);
});

test('the model is chosen from those that are there', async ({ chat, page }) => {
  await chat.open();
  await page.getByRole('button', { name: 'Model:' }).click();
  // The peer stands in for every provider; OpenAI is the first.
  await page.getByRole('menuitemradio', { name: 'scripted-model-large' }).first().click();
  await chat.ask(unique('Who are you?'));
  await expect(chat.answers).toHaveAccessibleName('Answer of scripted-model-large');
  await page.reload();
  await expect(page.getByRole('button', { name: 'Model:' })).toContainText('scripted-model-large');
});
