import type { Page } from '@playwright/test';

import { NARROW } from '../support/pictures';
import { Script } from '../support/Script';
import { answer } from '../support/showcase';
import { expect, test, unique } from '../support/test';

test.use({ viewport: NARROW, isMobile: true, hasTouch: true });

/** What is wider than its place and scrolls sideways, other than code and tables, which are meant to. */
async function sideways(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const meant = 'pre, [role=region]';
    return [document.documentElement, ...document.querySelectorAll('body *')]
      .filter((element) => !element.matches(meant) && element.scrollWidth > element.clientWidth)
      .filter(
        (element) => element === document.documentElement || /auto|scroll/.test(getComputedStyle(element).overflowX),
      )
      .map((element) => element.outerHTML.slice(0, 120));
  });
}

test('nothing scrolls sideways, and a finger finds everything', async ({ chat, sidebar, peer, page }) => {
  const word = 'Donaudampfschifffahrtsgesellschaftskapitänswitwenrente'.repeat(3);
  const prompt = unique(word.slice(0, 50));
  await peer.answer(
    prompt,
    answer().text(`\n\n${word}\n\n\`${word}\`\n\n> - ${word}\n\nhttps://example.com/${word}`).finish(),
  );
  await chat.open();
  expect(await sideways(page)).toEqual([]);

  await chat.box.fill(prompt);
  await chat.send.tap();
  await chat.untilFinished();
  await expect(chat.answers).toContainText(word);
  expect(await sideways(page)).toEqual([]);

  await page.getByRole('button', { name: 'Show conversations' }).tap();
  await expect(page.getByRole('dialog', { name: 'Conversations' })).toBeVisible();
  expect(await sideways(page)).toEqual([]);
  await sidebar.options(prompt).tap();
  await page.getByRole('menuitem', { name: 'Rename' }).tap();
  const field = sidebar.list.getByRole('textbox', { name: 'Title' });
  const renamed = unique('By a finger');
  await field.fill(renamed);
  await field.press('Enter');
  await sidebar.row(renamed).tap();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('heading', { name: renamed })).toBeVisible();
});

test('the Enter key of a phone starts a new line', async ({ chat, peer }) => {
  const prompt = unique('One line');
  await peer.answer(prompt, Script.answer('Two lines, I see.').finish());
  await chat.open();
  await chat.box.tap();
  await chat.box.pressSequentially(prompt);
  await chat.box.press('Enter');
  await chat.box.pressSequentially('and another');
  await expect(chat.box).toHaveValue(`${prompt}\nand another`);
  await chat.send.tap();
  await chat.untilFinished();
});
