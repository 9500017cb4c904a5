import type { Page } from '@playwright/test';

import { Script } from '../support/Script';
import { endSessions, type Person, signedIn } from '../support/person';
import { expect, test, unique } from '../support/test';

// Nobody is signed in yet.
test.use({ storageState: { cookies: [], origins: [] } });

/** Types the password into the dialog that stands over the page. */
async function signInAgain(page: Page, person: Person): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Sign in' });
  await expect(dialog).toBeVisible();
  await dialog.getByLabel('E-mail address').fill(person.email);
  await dialog.getByLabel('Password').fill(person.password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(dialog).toBeHidden();
}

test('a session that ends while somebody types keeps the draft, and what was typed is sent once', async ({
  page,
  chat,
  peer,
  watch,
  playwright,
  baseURL,
}) => {
  watch.expect(/401|WebSocket/);
  const [admin, elsewhere] = await Promise.all([
    playwright.request.newContext({ baseURL: baseURL ?? '' }),
    playwright.request.newContext({ baseURL: baseURL ?? '' }),
  ]);
  const person = await signedIn(page.request, admin);
  const first = unique('Before.');
  await chat.open();
  await chat.ask(first);

  // Typing, when the session ends: the page asks, and keeps what is in the box.
  const second = unique('While I type.');
  await chat.box.fill(second);
  await endSessions(elsewhere, person);
  await signInAgain(page, person);
  await expect(chat.box).toHaveValue(second);

  await peer.answer(second, Script.answer('Still here.').finish());
  await chat.box.press('Enter');
  await expect(chat.answers.last()).toContainText('Still here.');
  await expect(chat.promptTexts.filter({ hasText: second })).toHaveCount(1);

  // Sending, when it has ended: the prompt waits, and is sent and stored once, under one name.
  const third = unique('When it has ended.');
  await peer.answer(third, Script.answer('And here.').finish());
  await chat.open();
  await chat.box.fill(third);
  await endSessions(elsewhere, person);
  await chat.box.press('Enter');
  await signInAgain(page, person);
  await expect(chat.answers.last()).toContainText('And here.');
  await expect(chat.promptTexts.filter({ hasText: third })).toHaveCount(1);
  const sent = watch.frames.filter((frame) => frame.action === 'sendMessage' && frame.content === third);
  const stored = await page.request.get(`/api/conversations/${await chat.conversation()}/messages/`);
  const [prompt] = ((await stored.json()) as { items: { client_id: unknown }[] }).items;
  expect(sent.map((frame) => frame.client_id)).toEqual([prompt?.client_id]);
  await Promise.all([admin.dispose(), elsewhere.dispose()]);
});

test('a person signs in, manages the account and signs out', async ({ page, playwright, baseURL, watch }) => {
  watch.expect(/401|WebSocket/);
  const admin = await playwright.request.newContext({ baseURL: baseURL ?? '' });
  const person = await signedIn(page.request, admin);
  await page.goto('/account');
  await page.getByLabel('Instructions').fill('Be brief.');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.getByLabel('Name of a new key').fill('laptop');
  await page.getByRole('button', { name: 'Make a key' }).click();
  await expect(page.getByText(/^rck_[0-9a-f]{64}$/)).toBeVisible();
  await page.getByRole('button', { name: 'Revoke laptop' }).click();
  await expect(page.getByRole('button', { name: 'Revoke laptop' })).toBeHidden();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await signInAgain(page, person);
  await expect(page.getByRole('textbox', { name: 'Message', exact: true })).toBeVisible();
  await admin.dispose();
});
