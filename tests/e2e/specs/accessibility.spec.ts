import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { NARROW, themed } from '../support/pictures';
import { Script } from '../support/Script';
import { answer, LAST_WORDS } from '../support/showcase';
import { expect, test, unique } from '../support/test';

/** All rules in light; in dark those that colours can break. */
async function expectNoViolations(page: Page, ...exceptions: string[]): Promise<void> {
  await themed(page, 'light');
  expect(await violations(new AxeBuilder({ page }).disableRules(exceptions)), 'in light').toEqual([]);
  await themed(page, 'dark');
  expect(
    await violations(new AxeBuilder({ page }).withRules(['color-contrast', 'link-in-text-block'])),
    'in dark',
  ).toEqual([]);
}

async function violations(axe: AxeBuilder): Promise<string[]> {
  const found = (await axe.analyze()).violations;
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  );
}

test('the place to begin', async ({ chat, page }) => {
  await chat.open();
  await expectNoViolations(page);
});

test('a conversation, its menus and its questions', async ({ chat, sidebar, peer, page }) => {
  const prompt = unique('With everything.');
  const hold = unique('hold');
  await peer.answer(prompt, answer().thinking('A thought.').hold(hold).finish());
  await chat.open();
  await chat.say(prompt);
  await expect(chat.answers).toContainText(LAST_WORDS);
  await expectNoViolations(page);
  await peer.release(hold);
  await chat.untilFinished();
  await chat.answers.hover();
  await expectNoViolations(page);

  await page.getByRole('button', { name: 'Model:' }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  // A menu belongs to its button, wherever in the document it is drawn.
  await expectNoViolations(page, 'region');
  await page.keyboard.press('Escape');

  await sidebar.choose(prompt, 'Delete');
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectNoViolations(page);
});

test('an answer that failed, and a prompt that is too long', async ({ chat, peer, page }) => {
  const prompt = unique('Fail.');
  await peer.answer(prompt, Script.error(500, 'server_error'));
  await chat.open();
  await chat.ask(prompt);
  await chat.box.fill('x'.repeat(100_001));
  await expect(page.getByText('Shorten it by 1')).toBeVisible();
  await expectNoViolations(page);
});

test('a page that does not exist', async ({ page }) => {
  await page.goto('/nowhere');
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
  await expectNoViolations(page);
});

test.describe('on a phone', () => {
  test.use({ viewport: NARROW, isMobile: true, hasTouch: true });

  test('the drawer', async ({ chat, page }) => {
    await chat.open();
    await expectNoViolations(page);
    await page.getByRole('button', { name: 'Show conversations' }).click();
    await expect(page.getByRole('dialog', { name: 'Conversations' })).toBeVisible();
    await expectNoViolations(page);
  });
});
