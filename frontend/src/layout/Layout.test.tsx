import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, test, vi } from 'vitest';

import { setDevice } from '../test/browser';
import { answer, conversation, DOWN, ID, prompt } from '../test/fixtures';
import { Portal } from '../test/portal';
import { renderPage } from '../test/renderPage';

let portal: Portal;

beforeEach(() => {
  portal = new Portal();
  portal.keep(conversation(), [prompt(), answer()]);
});

test('an address that leads nowhere says so, and the list is still there', async () => {
  await renderPage('/nowhere');
  expect(await screen.findByRole('heading', { name: 'There is no such page' })).toBeVisible();
  expect(await screen.findByRole('link', { name: 'Names for a boat' })).toBeVisible();
});

test('the way to the conversation leads past the list', async () => {
  const { user } = await renderPage('/');
  await screen.findByRole('heading', { name: 'What is on your mind?' });
  (document.activeElement as HTMLElement).blur();
  await user.tab();
  const skip = screen.getByRole('link', { name: 'Skip to the conversation' });
  expect(skip).toHaveFocus();
  expect(skip).toHaveAttribute('href', `#${screen.getByRole('main').id}`);
});

test('a page that breaks leaves the list and the other pages alone', async () => {
  vi.mocked(console.error).mockImplementation(() => undefined);
  portal.keep(conversation(), [prompt({ content: null as unknown as string })]);
  const { user } = await renderPage(`/chat/${ID}`);
  expect(await screen.findByRole('heading', { name: 'The page could not be shown' })).toBeVisible();
  await user.click(screen.getByRole('link', { name: 'New conversation' }));
  expect(await screen.findByRole('heading', { name: 'What is on your mind?' })).toBeVisible();
});

describe('on a phone', () => {
  beforeEach(() => {
    setDevice({ wide: false, coarse: true });
  });

  async function openDrawer() {
    const { user } = await renderPage('/');
    await user.click(await screen.findByRole('button', { name: 'Show conversations' }));
    const drawer = await screen.findByRole('dialog', { name: 'Conversations' });
    await within(drawer).findByRole('link', { name: 'Names for a boat' });
    return { user, drawer };
  }

  test('the list is in a drawer, which closes when it has led somewhere', async () => {
    const { user, drawer } = await openDrawer();
    await user.click(within(drawer).getByRole('link', { name: 'Names for a boat' }));
    expect(await screen.findByText('What shall I call it?')).toBeVisible();
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('it closes by its button and by a press beside it', async () => {
    const { user, drawer } = await openDrawer();
    await user.click(within(drawer).getByRole('button', { name: 'Close' }));
    expect(screen.queryByRole('dialog')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Show conversations' }));
    await user.click(await screen.findByRole('dialog', { name: 'Conversations' }));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('what floats over the list is in the drawer: beside a modal dialog nothing can be pressed', async () => {
    const { user, drawer } = await openDrawer();
    portal.trouble('PATCH', /./, DOWN);
    await user.click(within(drawer).getByRole('button', { name: 'Options of “Names for a boat”' }));
    await user.click(await within(drawer).findByRole('menuitem', { name: 'Pin to the top' }));
    expect(await within(drawer).findByText(DOWN.detail)).toBeVisible();
    await user.click(within(drawer).getByRole('button', { name: 'Dismiss' }));
    await waitFor(() => expect(within(drawer).queryByText(DOWN.detail)).toBeNull());
  });

  test('a dialog that closes leaves the drawer open', async () => {
    const { user, drawer } = await openDrawer();
    await user.click(within(drawer).getByRole('button', { name: 'Options of “Names for a boat”' }));
    await user.click(await within(drawer).findByRole('menuitem', { name: 'Delete…' }));
    const dialog = await screen.findByRole<HTMLDialogElement>('dialog', { name: 'Delete this conversation?' });
    // As Escape does.
    dialog.close();
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Delete this conversation?' })).toBeNull());
    expect(screen.getByRole('dialog', { name: 'Conversations' })).toBeVisible();
  });

  test('a new conversation is one press away', async () => {
    const { user } = await renderPage(`/chat/${ID}`);
    await screen.findByText('What shall I call it?');
    await user.click(screen.getByRole('link', { name: 'New conversation' }));
    expect(await screen.findByRole('heading', { name: 'What is on your mind?' })).toBeVisible();
  });
});
