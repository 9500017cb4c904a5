import { HOSTILE, HOSTILE_LINKS } from '../support/hostile';
import { Script } from '../support/Script';
import { expect, test, unique } from '../support/test';

test('code is coloured, named by its language, and copied as it is', async ({ chat, peer, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const code = 'fn main() {\n    let "tide" = 2;\n\n    println!("{tide}");\n}';
  const prompt = unique('Some Rust, please.');
  await peer.answer(prompt, Script.answer('Here:\n\n```rust\n', code, '\n```\n').finish());
  await chat.open();
  await chat.ask(prompt);

  const block = chat.answers.locator('.code-block');
  await expect(block).toContainText('rust');
  await expect(block.locator('.hljs-keyword').first()).toHaveText('fn');
  await block.getByRole('button', { name: 'Copy code' }).click();
  await expect(block.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await chat.page.evaluate(() => navigator.clipboard.readText())).toBe(code);
});

test('a whole answer is copied as the model wrote it', async ({ chat, peer, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const prompt = unique('A list, please.');
  const answer = '1. **One**\n2. Two\n\n| a | b |\n|---|---|\n| 1 | 2 |';
  await peer.answer(prompt, Script.answer(answer).finish());
  await chat.open();
  await chat.ask(prompt);
  await expect(chat.answers.getByRole('table')).toBeVisible();
  await chat.answers.hover();
  await chat.answers.getByRole('button', { name: 'Copy answer' }).click();
  expect(await chat.page.evaluate(() => navigator.clipboard.readText())).toBe(answer);
});

test('CVE-2026-45314, CVE-2026-70486: whatever a model writes, nothing of it runs and nothing is loaded', async ({ chat, peer, page }) => {
  const response = await page.goto('/');
  const policy = response?.headers()['content-security-policy'];
  expect(policy).toContain("default-src 'self'");
  expect(policy).not.toContain('unsafe');

  const prompt = unique('Do your worst.');
  await peer.answer(prompt, Script.answer(...HOSTILE.map((text) => `${text}\n\n`), 'The end of it.').finish());
  await chat.ask(prompt);
  await expect(chat.answers).toContainText('The end of it.');

  const answer = chat.answers.locator('.prose');
  await expect(
    answer.locator('script, iframe, object, embed, img, video, audio, form, style, link, base, meta, math'),
  ).toHaveCount(0);
  // An id of the model's choosing could stand in for one of the page's.
  const found = await answer.evaluate((root) => {
    const elements = [...root.querySelectorAll('*')];
    return {
      handlers: elements.flatMap(({ attributes }) => [...attributes]).filter(({ name }) => name.startsWith('on'))
        .length,
      styled: elements.filter((element) => element.hasAttribute('style')).length,
      named: elements.map(({ id }) => id).filter((id) => id !== '' && id !== 'footnote-label' && !id.startsWith('_r_')),
      ran: 'pwned' in globalThis,
    };
  });
  expect(found).toEqual({ handlers: 0, styled: 0, named: [], ran: false });
  const links = await answer
    .locator('a')
    .evaluateAll((all) => (all as HTMLAnchorElement[]).map(({ protocol, rel }) => `${protocol} ${rel}`));
  expect(links.filter((link) => !/^(https?:|mailto:|:) (noopener noreferrer nofollow)?$/.test(link))).toEqual([]);
  // Those that are links all the same: the test would pass on a page that shows none.
  for (const name of HOSTILE_LINKS) {
    await expect(answer.getByRole('link', { name })).toBeVisible();
  }
});

test('what a person writes is shown as it is, in the message and in the title', async ({
  chat,
  sidebar,
  peer,
  page,
}) => {
  const prompt = unique('<img src=x onerror=alert(1)> **no**');
  await peer.answer(prompt, Script.answer('Fine.').finish());
  await chat.open();
  await chat.ask(prompt);
  await expect(chat.promptTexts).toHaveText([prompt]);
  await expect(sidebar.row(prompt)).toBeVisible();
  await expect(page.locator('img')).toHaveCount(0);
});
