import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, test } from 'vitest';

import { answer, conversation, DOWN, ID, prompt, uuid } from '../test/fixtures';
import { Portal } from '../test/portal';
import { type Page, renderPage } from '../test/renderPage';

const LIST = /\/api\/conversations\/(\?|$)/;
const ONE = new RegExp(`${ID}/$`);

let portal: Portal;

beforeEach(() => {
  portal = new Portal();
  portal.keep(conversation({ updated_at: '2026-11-25T12:00:00Z' }), [prompt(), answer()]);
  portal.keep(conversation({ id: uuid(2), title: 'Dinner for six', updated_at: '2026-11-25T11:00:00Z' }));
});

function list(): HTMLElement {
  return screen.getByRole('navigation', { name: 'Conversations' });
}

function titles(): string[] {
  return within(list())
    .queryAllByRole('link')
    .map(({ textContent }) => textContent);
}

async function open(route = '/'): Promise<Page> {
  const opened = await renderPage(route);
  await screen.findByRole('link', { name: 'Names for a boat' });
  return opened;
}

async function choose({ user }: Page, title: string, item: string | RegExp): Promise<void> {
  await user.click(screen.getByRole('button', { name: `Options of “${title}”` }));
  await user.click(await screen.findByRole('menuitem', { name: item }));
}

async function rename(opened: Page, to: string): Promise<void> {
  await choose(opened, 'Names for a boat', 'Rename');
  const field = await screen.findByRole('textbox', { name: 'Title' });
  await opened.user.clear(field);
  await opened.user.type(field, to);
}

describe('the list', () => {
  test('has the conversations in their order, and leads to them', async () => {
    const { user } = await open();
    expect(titles()).toEqual(['Names for a boat', 'Dinner for six']);
    await user.click(screen.getByRole('link', { name: 'Names for a boat' }));
    expect(await screen.findByText('What shall I call it?')).toBeVisible();
    expect(screen.getByRole('link', { name: 'Names for a boat' })).toHaveAttribute('aria-current', 'page');
  });

  test('that cannot be read says why, and is read when asked again', async () => {
    portal.trouble('GET', LIST, { ...DOWN, status: 403 });
    const { user } = await renderPage('/');
    expect(await within(list()).findByText(DOWN.detail)).toBeVisible();
    portal.recover();
    await user.click(within(list()).getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('link', { name: 'Dinner for six' })).toBeVisible();
  });

  test('that is long has more to show', async () => {
    for (let number = 3; number <= 25; number += 1) {
      portal.keep(conversation({ id: uuid(number), title: `Talk ${number}`, updated_at: '2026-11-01T12:00:00Z' }));
    }
    const { user } = await open();
    expect(titles()).toHaveLength(20);
    await user.click(screen.getByRole('button', { name: 'Show more' }));
    await waitFor(() => expect(titles()).toHaveLength(25));
    expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
  });

  test('is searched by title, and says when nothing is found', async () => {
    const { user } = await open();
    const search = screen.getByRole('searchbox', { name: 'Search titles' });
    await user.type(search, 'dinner');
    await waitFor(() => expect(titles()).toEqual(['Dinner for six']));
    await user.type(search, ' and dance');
    expect(await screen.findByText('No conversation has “dinner and dance” in its title.')).toBeVisible();
    await user.clear(search);
    await waitFor(() => expect(titles()).toHaveLength(2));
  });

  test('does not blink while somebody types into the search', async () => {
    const { user } = await open();
    portal.trouble('GET', LIST, 'slow');
    await user.type(screen.getByRole('searchbox', { name: 'Search titles' }), 'dinner');
    await portal.request('GET', /q=dinner/);
    expect(titles()).toHaveLength(2);
  });
});

describe('renaming', () => {
  test('is seen at once, everywhere, before the server has answered', async () => {
    const opened = await open(`/chat/${ID}`);
    portal.trouble('PATCH', ONE, 'slow');
    await rename(opened, 'Ships{Enter}');
    expect(await screen.findByRole('link', { name: 'Ships' })).toBeVisible();
    expect(screen.getByRole('heading', { level: 1, name: 'Ships' })).toBeVisible();
    expect((await portal.request('PATCH', ONE)).body).toEqual({ title: 'Ships' });
  });

  test('is taken back with a sentence when the server refuses', async () => {
    const opened = await open(`/chat/${ID}`);
    portal.trouble('PATCH', ONE, DOWN);
    await rename(opened, 'Ships{Enter}');
    expect(await screen.findByText(DOWN.detail)).toBeVisible();
    await waitFor(() => expect(titles()).toEqual(['Names for a boat', 'Dinner for six']));
    expect(screen.getByRole('heading', { level: 1, name: 'Names for a boat' })).toBeVisible();
  });

  test('is taken back when the server is away, which nobody can ask what is right', async () => {
    const opened = await open();
    portal.trouble('PATCH', ONE, 'unreachable');
    portal.trouble('GET', /./, 'unreachable');
    await rename(opened, 'Ships{Enter}');
    expect(await screen.findByText(/The server cannot be reached/)).toBeVisible();
    await waitFor(() => expect(titles()).toEqual(['Names for a boat', 'Dinner for six']));
  });

  test('is left by Escape without a change, and the focus goes back', async () => {
    const opened = await open();
    await rename(opened, 'Ships{Escape}');
    expect(screen.queryByRole('textbox', { name: 'Title' })).toBeNull();
    await waitFor(() => expect(screen.getByRole('link', { name: 'Names for a boat' })).toHaveFocus());
    expect(portal.requests('PATCH', ONE)).toEqual([]);
  });

  test('to nothing, or to the same, changes nothing', async () => {
    const opened = await open();
    await rename(opened, '   {Enter}');
    await rename(opened, 'Names for a boat{Enter}');
    expect(titles()).toContain('Names for a boat');
    expect(portal.requests('PATCH', ONE)).toEqual([]);
  });

  test('is saved when the field is left, once', async () => {
    const opened = await open();
    await rename(opened, 'Ships');
    await opened.user.click(document.body);
    expect(await screen.findByRole('link', { name: 'Ships' })).toBeVisible();
    await portal.request('PATCH', ONE);
    expect(portal.requests('PATCH', ONE)).toHaveLength(1);
  });
});

describe('deleting', () => {
  test('asks first, and can be left', async () => {
    const opened = await open();
    await choose(opened, 'Names for a boat', 'Delete…');
    const dialog = await screen.findByRole('dialog', { name: 'Delete this conversation?' });
    expect(dialog).toHaveTextContent('Names for a boat and all of its messages will be gone for good.');
    await opened.user.click(within(dialog).getByRole('button', { name: 'Cancel' }));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(portal.requests('DELETE', ONE)).toEqual([]);
  });

  test('takes it out of the list at once, and leaves its page', async () => {
    const opened = await open(`/chat/${ID}`);
    portal.trouble('DELETE', ONE, 'slow');
    await choose(opened, 'Names for a boat', 'Delete…');
    await opened.user.click(await screen.findByRole('button', { name: 'Delete' }));
    await portal.request('DELETE', ONE);
    await waitFor(() => expect(titles()).toEqual(['Dinner for six']));
    expect(await screen.findByRole('heading', { name: 'What is on your mind?' })).toBeVisible();
    expect(window.location.pathname).toBe('/');
  });

  test('keeps it away once the server has agreed', async () => {
    const opened = await open();
    await choose(opened, 'Names for a boat', 'Delete…');
    await opened.user.click(await screen.findByRole('button', { name: 'Delete' }));
    await waitFor(() => expect(portal.conversation()).toBeUndefined());
    await waitFor(() => expect(titles()).toEqual(['Dinner for six']));
  });

  test('brings it back with a sentence when the server refuses', async () => {
    const opened = await open();
    portal.trouble('DELETE', ONE, DOWN);
    await choose(opened, 'Names for a boat', 'Delete…');
    await opened.user.click(await screen.findByRole('button', { name: 'Delete' }));
    expect(await screen.findByText(DOWN.detail)).toBeVisible();
    await waitFor(() => expect(titles()).toEqual(['Names for a boat', 'Dinner for six']));
  });

  test('offers the archive instead', async () => {
    const opened = await open();
    await choose(opened, 'Names for a boat', 'Delete…');
    await opened.user.click(await screen.findByRole('button', { name: 'Archive instead' }));
    expect((await portal.request('PATCH', ONE)).body).toEqual({ archived: true });
    expect(portal.requests('DELETE', ONE)).toEqual([]);
  });
});

describe('the archive', () => {
  test('takes a conversation out of the list, can be undone, and is a list of its own', async () => {
    const opened = await open();
    await choose(opened, 'Names for a boat', 'Archive');
    await waitFor(() => expect(titles()).toEqual(['Dinner for six']));
    await opened.user.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(titles()).toContain('Names for a boat'));

    await choose(opened, 'Dinner for six', 'Archive');
    await waitFor(() => expect(titles()).toEqual(['Names for a boat']));
    await opened.user.click(screen.getByRole('button', { name: 'Show the archive' }));
    await waitFor(() => expect(titles()).toEqual(['Dinner for six']));
    await choose(opened, 'Dinner for six', 'Take out of the archive');
    expect(await screen.findByText('The archive is empty.')).toBeVisible();
  });
});

test('pinning puts a conversation at the top, under its heading', async () => {
  const opened = await open();
  await choose(opened, 'Dinner for six', 'Pin to the top');
  await waitFor(() => expect(titles()).toEqual(['Dinner for six', 'Names for a boat']));
  expect(within(list()).getByRole('region', { name: 'Pinned' })).toHaveTextContent('Dinner for six');
});

test('the menu is one of the keyboard’s, and gives the focus back', async () => {
  const { user } = await open();
  const button = screen.getByRole('button', { name: 'Options of “Names for a boat”' });
  button.focus();
  await user.keyboard('{Enter}');
  await waitFor(() => expect(screen.getByRole('menu')).toHaveFocus());
  for (const name of ['Rename', 'Pin to the top', 'Archive']) {
    await user.keyboard('{ArrowDown}');
    await waitFor(() => expect(screen.getByRole('menuitem', { name })).toHaveFocus());
  }
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.getByRole('button', { name: 'Options of “Names for a boat”' })).toHaveFocus());
});
