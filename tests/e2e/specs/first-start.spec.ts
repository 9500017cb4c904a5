import { NARROW, picture, WIDE } from '../support/pictures';
import { Script } from '../support/Script';
import { answer, fill, QUESTION } from '../support/showcase';
import { cloud } from '../support/cloud';
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

for (const viewport of [WIDE, NARROW]) {
  test.describe(`in pictures, ${viewport.width} px wide`, () => {
    const phone = viewport === NARROW;
    test.use({ viewport, deviceScaleFactor: 2, isMobile: phone, hasTouch: phone });

    test('the portal looks as it should', async ({ api, chat, peer, page }) => {
      await api.deleteAll();
      await fill(api);

      await chat.open();
      await picture(page, 'start');

      await peer.answer(QUESTION, answer().hold(`pictures ${viewport.width}`).finish());
      await chat.box.fill(QUESTION);
      await chat.send.click();
      await expect(chat.answers).toContainText('18.4');
      await picture(page, 'growing');
      await peer.release(`pictures ${viewport.width}`);
      await chat.untilFinished();
      await picture(page, 'chat');

      if (phone) {
        await page.getByRole('button', { name: 'Show conversations' }).click();
        await expect(page.getByRole('dialog', { name: 'Conversations' })).toBeVisible();
        await picture(page, 'drawer');
        await page.getByRole('button', { name: 'Close' }).click();
      } else {
        await page.getByRole('button', { name: 'Model:' }).click();
        await expect(page.getByRole('menu')).toBeVisible();
        await picture(page, 'models');
        await page.keyboard.press('Escape');
      }

      await peer.answer('And what about the sun?', Script.error(429, 'rate_limit_exceeded'));
      await chat.box.fill('And what about the sun?');
      await chat.send.click();
      await expect(chat.answers.last()).toContainText('takes no more requests');
      await picture(page, 'failure');
    });
  });
}
