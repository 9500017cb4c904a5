import { screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';

import { answer, conversation, DOWN, ID, MODELS, prompt } from '../test/fixtures';
import { Portal } from '../test/portal';
import { renderPage } from '../test/renderPage';

const ONE = new RegExp(`${ID}/$`);

let portal: Portal;

beforeEach(() => {
  portal = new Portal();
  portal.keep(conversation({ model: 'openai/gpt-5-mini' }), [prompt(), answer()]);
});

async function open(name = /^Model:\s*GPT-5 mini$/) {
  const { user } = await renderPage(`/chat/${ID}`);
  await user.click(await screen.findByRole('button', { name }));
  return user;
}

test('shows the models by provider, which one answers, and what is wrong with a provider', async () => {
  await open();
  expect(await screen.findByRole('group', { name: 'OpenAI' })).toBeVisible();
  expect(screen.getByRole('menuitemradio', { name: /^GPT-5 mini/ })).toBeChecked();
  expect(screen.getByRole('menuitemradio', { name: /^GPT-5\s*reads/ })).not.toBeChecked();
  expect(screen.getByRole('group', { name: 'LM Studio' })).toHaveTextContent(
    'LM Studio does not answer. Check that it is running.',
  );
});

test('chooses another at once, and tells the server', async () => {
  const user = await open();
  portal.trouble('PATCH', ONE, 'slow');
  await user.click(await screen.findByRole('menuitemradio', { name: /^GPT-5\s*reads/ }));
  expect(await screen.findByRole('button', { name: /^Model:\s*GPT-5$/ })).toBeVisible();
  expect((await portal.request('PATCH', ONE)).body).toEqual({ model: 'openai/gpt-5' });
});

test('goes back to the one before, with a sentence, when the server refuses', async () => {
  const user = await open();
  portal.trouble('PATCH', ONE, DOWN);
  await user.click(await screen.findByRole('menuitemradio', { name: /^GPT-5\s*reads/ }));
  expect(await screen.findByText(DOWN.detail)).toBeVisible();
  expect(await screen.findByRole('button', { name: /^Model:\s*GPT-5 mini$/ })).toBeVisible();
});

test('looks again for a provider that has been started since', async () => {
  const user = await open();
  portal.models = {
    ...MODELS,
    providers: [
      { id: 'lm_studio', name: 'LM Studio', state: 'ready', models: [{ id: 'lm_studio/qwen', name: 'qwen' }] },
    ],
  };
  await user.click(await screen.findByRole('menuitem', { name: 'Look again' }));
  expect(await screen.findByRole('menuitemradio', { name: 'qwen' })).toBeVisible();
});

test('says why there are no models', async () => {
  portal.keep(conversation(), [prompt(), answer()]);
  portal.trouble('GET', /models/, { ...DOWN, status: 403 });
  await open(/^Model:\s*No models$/);
  await waitFor(() => expect(screen.getByRole('menu')).toHaveTextContent(DOWN.detail));
});
