import type { Locator, Page } from '@playwright/test';

import { Script } from '../support/Script';
import { expect, test, unique } from '../support/test';

/** Walks with a key until something has the focus. */
async function walk(page: Page, to: Locator, key = 'Tab'): Promise<void> {
  for (let steps = 0; steps < 60; steps += 1) {
    if (await to.evaluate((element) => element === document.activeElement)) {
      return;
    }
    await page.keyboard.press(key);
  }
  await expect(to, `${key} leads there`).toBeFocused();
}

/** Opens the menu of the button that has the focus, and goes to one of its ends. */
async function openMenu(page: Page, key: 'Home' | 'End', item: string): Promise<void> {
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press(key);
  await expect(page.getByRole('menuitem', { name: item })).toBeFocused();
}

test('everything goes without a mouse', async ({ chat, sidebar, peer, page }) => {
  const prompt = unique('By hand alone.');
  const renamed = unique('By keys alone');
  await peer.answer(prompt, Script.answer('```js\nlet wide = true;\n```').finish());

  await test.step('say something', async () => {
    await chat.open();
    await expect(chat.box).toBeFocused();
    await page.keyboard.type(prompt);
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('And a second line.');
    await page.keyboard.press('Enter');
    await chat.untilFinished();
    await expect(chat.promptTexts).toHaveText([`${prompt}\nAnd a second line.`]);
    await expect(chat.box).toBeFocused();
  });

  // The second line is in the title as well: a title is one line.
  const title = `${prompt} And a second line.`;

  await test.step('reach what belongs to the answer', async () => {
    await walk(page, chat.answers.getByRole('button', { name: 'Copy answer' }), 'Shift+Tab');
    await walk(page, chat.answers.locator('pre'), 'Shift+Tab');
    await walk(page, chat.answers.getByRole('button', { name: 'Copy code' }), 'Shift+Tab');
  });

  await test.step('rename', async () => {
    await walk(page, sidebar.options(title));
    await openMenu(page, 'Home', 'Rename');
    await page.keyboard.press('Escape');
    await expect(sidebar.options(title)).toBeFocused();
    await openMenu(page, 'Home', 'Rename');
    await page.keyboard.press('Enter');
    await expect(sidebar.list.getByRole('textbox', { name: 'Title' })).toBeFocused();
    await page.keyboard.type(renamed);
    await page.keyboard.press('Enter');
    await expect(sidebar.row(renamed)).toBeFocused();
  });

  await test.step('delete', async () => {
    await walk(page, sidebar.options(renamed));
    await openMenu(page, 'End', 'Delete…');
    await page.keyboard.press('Enter');
    const question = page.getByRole('dialog', { name: 'Delete this conversation?' });
    await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(question).toHaveCount(0);
    await walk(page, sidebar.options(renamed));
    await openMenu(page, 'End', 'Delete…');
    await page.keyboard.press('Enter');
    await walk(page, question.getByRole('button', { name: 'Delete', exact: true }));
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/$/);
    await expect(chat.box).toBeFocused();
  });
});

test('the list can be skipped', async ({ page, api }) => {
  await page.goto(`/chat/${await api.createConversation({ title: unique('Skipped') })}`);
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
  const skip = page.getByRole('link', { name: 'Skip to the conversation' });
  await walk(page, skip);
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});
