import type { Page } from '@playwright/test';

import { cloud } from '../support/cloud';
import { NARROW, picture, WIDE } from '../support/pictures';
import { Script } from '../support/Script';
import { answer, fill, LAST_WORDS, QUESTION } from '../support/showcase';
import { expect, test } from '../support/test';

test.describe.configure({ mode: 'serial' });

test.beforeAll(() => {
  expect(cloud.stage, 'everything is deleted here: not in a portal that somebody uses').toBe('test');
});

test('a new portal invites to begin', async ({ api, chat, sidebar, page }) => {
  await api.deleteAll();
  await chat.open();
  await expect(page.getByRole('heading', { name: 'What is on your mind?' })).toBeVisible();
  await expect(sidebar.list).toContainText('Your conversations will be listed here.');
  await page.getByRole('button', { name: 'Explain something' }).click();
  await expect(chat.box).toHaveValue(/^Explain how a hash table/);
});

async function pictureModels(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Model:' }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  await picture(page, 'models');
  await page.keyboard.press('Escape');
}

async function pictureDrawer(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Show conversations' }).click();
  await expect(page.getByRole('dialog', { name: 'Conversations' })).toBeVisible();
  await picture(page, 'drawer');
  await page.getByRole('button', { name: 'Close' }).click();
}

for (const { viewport, phone, pictureMore } of [
  { viewport: WIDE, phone: false, pictureMore: pictureModels },
  { viewport: NARROW, phone: true, pictureMore: pictureDrawer },
]) {
  test.describe(`${viewport.width} px wide`, () => {
    test.use({ viewport, deviceScaleFactor: 2, isMobile: phone, hasTouch: phone });

    test('the portal as it looks, in pictures', async ({ api, chat, peer, page }) => {
      await api.deleteAll();
      await fill(api);
      await chat.open();
      await picture(page, 'start');

      const hold = `pictures ${viewport.width}`;
      await peer.answer(QUESTION, answer().hold(hold).finish());
      await chat.box.fill(QUESTION);
      await chat.send.click();
      await expect(chat.answers).toContainText(LAST_WORDS);
      await picture(page, 'growing');
      await peer.release(hold);
      await chat.untilFinished();
      await picture(page, 'chat');
      await pictureMore(page);

      const another = 'And what about the sun?';
      await peer.answer(another, Script.error(429, 'rate_limit_exceeded').times(3));
      await chat.box.fill(another);
      await chat.send.click();
      await expect(chat.answers.last()).toContainText('takes no more requests');
      await picture(page, 'failure');
    });
  });
}
