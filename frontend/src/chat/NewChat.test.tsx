import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, test } from 'vitest';

import { setDevice } from '../test/browser';
import { conversation, DOWN, OFFLINE_ONLY, uuid } from '../test/fixtures';
import { Portal } from '../test/portal';
import { renderPage } from '../test/renderPage';

const CREATE = /\/api\/conversations\/$/;

let portal: Portal;

beforeEach(() => {
  portal = new Portal();
});

function box(): Promise<HTMLElement> {
  return screen.findByRole('textbox', { name: 'Message' });
}

describe('the first visit', () => {
  test('invites, shows an empty list and has the box in focus', async () => {
    await renderPage('/');
    expect(await screen.findByRole('heading', { name: 'What is on your mind?' })).toBeVisible();
    expect(await screen.findByText('Your conversations will be listed here.')).toBeVisible();
    expect(await box()).toHaveFocus();
    expect(document.title).toBe('Recollect');
  });

  test('says how to connect a language model when there is none', async () => {
    portal.models = OFFLINE_ONLY;
    await renderPage('/');
    expect(await screen.findByText(/No language model is connected yet/)).toHaveTextContent('LM Studio');
  });

  test('does not when there is one', async () => {
    await renderPage('/');
    expect(await screen.findByText('GPT-5 mini')).toBeVisible();
    expect(screen.queryByText(/No language model is connected yet/)).toBeNull();
  });

  test('offers ways to begin, which go into the box', async () => {
    const { user } = await renderPage('/');
    await user.click(await screen.findByRole('button', { name: /Make a plan/ }));
    expect(await box()).toHaveValue(
      'Plan three calm days in Lisbon with a ten-year-old, as a table by day and part of the day.',
    );
    expect(await box()).toHaveFocus();
  });
});

describe('the first message', () => {
  test('creates the conversation, goes to it and is sent there', async () => {
    const { user } = await renderPage('/');
    await user.type(await box(), 'Hello{Enter}');
    expect(await portal.chat.said()).toMatchObject({ content: 'Hello' });
    expect(portal.requests('POST', CREATE).map(({ body }) => body)).toEqual([{}]);
    expect(window.location.pathname).toBe(`/chat/${uuid(1)}`);
    const messages = await screen.findByRole('list', { name: 'Messages' });
    expect(within(messages).getByText('Hello')).toBeVisible();
    expect(within(messages).getByText('Sending…')).toBeVisible();
    expect(await box()).toHaveValue('');
    const list = screen.getByRole('navigation', { name: 'Conversations' });
    expect(await within(list).findByRole('link', { name: 'New conversation' })).toHaveAttribute('aria-current', 'page');
  });

  test('is answered by the chosen model', async () => {
    const { user } = await renderPage('/');
    await user.click(await screen.findByRole('button', { name: /GPT-5 mini/ }));
    await user.click(await screen.findByRole('menuitemradio', { name: /^GPT-5\s*reads/ }));
    await user.type(await box(), 'Hello{Enter}');
    await portal.chat.said();
    expect(portal.requests('POST', CREATE)[0]?.body).toEqual({ model: 'openai/gpt-5' });
  });

  test('comes back into the box, with a sentence, when the conversation cannot be created', async () => {
    portal.trouble('POST', CREATE, DOWN);
    const { user } = await renderPage('/');
    await user.type(await box(), 'Hello{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent(`Not sent. ${DOWN.detail}`);
    expect(await box()).toHaveValue('Hello');
    portal.recover();
    await user.click(screen.getByRole('button', { name: 'Send' }));
    expect(await portal.chat.said()).toMatchObject({ content: 'Hello' });
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('is not lost when the page is left while the conversation is being created', async () => {
    portal.trouble('POST', CREATE, 'slow');
    const { user, reload } = await renderPage('/');
    await user.type(await box(), 'Hello{Enter}');
    await portal.request('POST', CREATE);
    expect(await box()).toHaveValue('');
    await reload();
    await waitFor(async () => expect(await box()).toHaveValue('Hello'));
    expect(await screen.findByRole('alert')).toHaveTextContent('This message was not sent. Send it again.');
  });

  test('is created once, however often Enter is pressed', async () => {
    const { user } = await renderPage('/');
    await user.type(await box(), 'Hello{Enter}{Enter}');
    await portal.chat.said();
    expect(portal.requests('POST', CREATE)).toHaveLength(1);
  });
});

test('a draft survives a reload', async () => {
  const { user, reload } = await renderPage('/');
  await user.type(await box(), 'Half a thought');
  await reload();
  expect(await box()).toHaveValue('Half a thought');
});

test('each conversation has a draft of its own', async () => {
  portal.keep(conversation());
  const { user } = await renderPage('/');
  await user.type(await box(), 'For a new one');
  await user.click(await screen.findByRole('link', { name: 'Names for a boat' }));
  await screen.findByRole('heading', { name: 'Names for a boat' });
  expect(await box()).toHaveValue('');
  await user.click(screen.getByRole('link', { name: 'New conversation' }));
  await screen.findByRole('heading', { name: 'What is on your mind?' });
  expect(await box()).toHaveValue('For a new one');
});

describe('the keyboard', () => {
  test('Enter sends, Shift and Enter begin a new line', async () => {
    const { user } = await renderPage('/');
    await user.type(await box(), 'One{Shift>}{Enter}{/Shift}two');
    expect(await box()).toHaveValue('One\ntwo');
    expect(portal.requests('POST', CREATE)).toEqual([]);
    await user.keyboard('{Enter}');
    expect(await portal.chat.said()).toMatchObject({ content: 'One\ntwo' });
  });

  test('Enter sends nothing while there is nothing but space', async () => {
    const { user } = await renderPage('/');
    await user.type(await box(), '  {Enter}');
    expect(portal.requests('POST', CREATE)).toEqual([]);
    expect(screen.getByRole('button', { name: 'Send' })).toHaveAttribute('aria-disabled', 'true');
  });

  test('Enter that ends a composition is the input method’s', async () => {
    const { user } = await renderPage('/');
    const textarea = await box();
    await user.type(textarea, 'にほん');
    fireEvent.keyDown(textarea, { key: 'Enter', isComposing: true });
    // Safari tells of the end of a composition before the key.
    fireEvent.keyDown(textarea, { key: 'Enter', keyCode: 229 });
    expect(textarea).toHaveValue('にほん');
    expect(portal.requests('POST', CREATE)).toEqual([]);
  });

  test('of a phone has no Shift and Enter: there Enter is a new line, and the button sends', async () => {
    setDevice({ coarse: true });
    const { user } = await renderPage('/');
    expect(await box()).not.toHaveFocus();
    await user.type(await box(), 'One{Enter}two');
    expect(await box()).toHaveValue('One\ntwo');
    await user.click(screen.getByRole('button', { name: 'Send' }));
    expect(await portal.chat.said()).toMatchObject({ content: 'One\ntwo' });
  });
});

test('a text that is too long is not sent, and says by how much', async () => {
  const { user } = await renderPage('/');
  await user.click(await box());
  await user.paste('x'.repeat(100_005));
  expect(await screen.findByText(/Shorten it by 5 to send it/)).toBeVisible();
  expect(await box()).toHaveAttribute('aria-invalid', 'true');
  await user.keyboard('{Enter}');
  expect(portal.requests('POST', CREATE)).toEqual([]);
  expect(await box()).toHaveValue('x'.repeat(100_005));
});
