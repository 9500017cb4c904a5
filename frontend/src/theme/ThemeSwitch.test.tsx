import { screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';

import { storage } from '../app/storage';
import { setDevice } from '../test/browser';
import { Portal } from '../test/portal';
import { renderPage } from '../test/renderPage';

beforeEach(() => {
  new Portal();
});

function theme(): string | undefined {
  return document.documentElement.dataset.theme;
}

test('the page follows the system, also when it changes', async () => {
  await renderPage('/');
  expect(theme()).toBe('light');
  setDevice({ dark: true });
  expect(theme()).toBe('dark');
  expect(await screen.findByRole('radio', { name: 'As the system' })).toBeChecked();
});

test('what was chosen counts more than the system, and is remembered', async () => {
  const { user, reload } = await renderPage('/');
  await user.click(await screen.findByRole('radio', { name: 'Dark' }));
  expect(theme()).toBe('dark');
  await reload();
  expect(theme()).toBe('dark');
  expect(await screen.findByRole('radio', { name: 'Dark' })).toBeChecked();
  setDevice({ dark: false });
  expect(theme()).toBe('dark');
});

test('the system can be followed again', async () => {
  const { user } = await renderPage('/');
  await user.click(await screen.findByRole('radio', { name: 'Dark' }));
  await user.click(screen.getByRole('radio', { name: 'As the system' }));
  expect(theme()).toBe('light');
});

test('what is chosen in another tab is chosen in this one', async () => {
  await renderPage('/');
  storage.write('recollect.theme', 'dark');
  window.dispatchEvent(new StorageEvent('storage', { key: 'recollect.theme' }));
  expect(theme()).toBe('dark');
  await waitFor(() => expect(screen.getByRole('radio', { name: 'Dark' })).toBeChecked());
});
