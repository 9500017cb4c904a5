import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, test, vi } from 'vitest';

import { setOnline } from '../test/browser';
import {
  answer,
  conversation,
  delta,
  DOWN,
  ended,
  failed,
  ID,
  page,
  problem,
  prompt,
  thinking,
} from '../test/fixtures';
import { Portal } from '../test/portal';
import { type Page, renderPage } from '../test/renderPage';

const PAGE = `/chat/${ID}`;
const MESSAGES = /\/api\/messages\/$/;
const CONVERSATION = new RegExp(`${ID}/$`);

let portal: Portal;

beforeEach(() => {
  portal = new Portal();
  portal.keep(conversation(), [prompt(), answer()]);
});

function box(): Promise<HTMLElement> {
  return screen.findByRole('textbox', { name: 'Message' });
}

function answers(): HTMLElement[] {
  return screen.queryAllByRole('article', { name: /^Answer of/ });
}

async function open(): Promise<Page> {
  const opened = await renderPage(PAGE);
  await screen.findByRole('list', { name: 'Messages' });
  await screen.findByText('Live');
  return opened;
}

/** Asks, and has it stored: what comes next is the answer. */
async function ask(text = 'And a dinghy?'): Promise<Page & { id: number }> {
  const opened = await open();
  await opened.user.type(await box(), `${text}{Enter}`);
  const { id } = portal.accept(await portal.chat.said());
  await waitFor(() => expect(answers()).toHaveLength(2));
  return { ...opened, id };
}

describe('a conversation', () => {
  test('shows its title and its messages, with who said them', async () => {
    await open();
    expect(screen.getByRole('heading', { level: 1, name: 'Names for a boat' })).toBeVisible();
    expect(document.title).toBe('Names for a boat · Recollect');
    expect(within(screen.getByRole('article', { name: 'You' })).getByText('What shall I call it?')).toBeVisible();
    const reply = screen.getByRole('article', { name: 'Answer of GPT-5 mini' });
    expect(await within(reply).findByText('Call it Albatross.')).toBeVisible();
  });

  test('that has ended takes no more messages and leads to a new one', async () => {
    portal.keep(conversation({ status: 'ended' }), [prompt(), answer()]);
    await open();
    expect(screen.getByText(/has ended and takes no more messages/)).toBeVisible();
    expect(screen.queryByRole('textbox', { name: 'Message' })).toBeNull();
  });

  test('that does not exist is said not to be here', async () => {
    await renderPage('/chat/0193a000-0000-7000-8000-00000000dead');
    expect(await screen.findByRole('heading', { name: 'This conversation is not here' })).toBeVisible();
  });

  test('that cannot be read says why, and is read when asked again', async () => {
    portal.trouble('GET', CONVERSATION, problem('forbidden', 'This is not allowed now.', { status: 403 }));
    const { user } = await renderPage(PAGE);
    expect(await screen.findByText('This is not allowed now.')).toBeVisible();
    portal.recover();
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('What shall I call it?')).toBeVisible();
  });

  test('that is long shows the newest messages, and the older ones when asked', async () => {
    portal.firstPage = page([prompt(), answer()], 'before-10');
    portal.olderPage = page([prompt({ id: 3, client_id: 'c3', content: 'The very first' })]);
    const { user } = await open();
    await user.click(screen.getByRole('button', { name: 'Show older messages' }));
    expect(await screen.findByText('The very first')).toBeVisible();
    expect((await portal.request('GET', /messages\//)).path).toContain('before=before-10');
    const said = within(screen.getByRole('list', { name: 'Messages' })).getAllByRole('article', { name: 'You' });
    expect(said.map(({ textContent }) => textContent)).toEqual([
      expect.stringContaining('The very first'),
      expect.stringContaining('What shall I call it?'),
    ]);
    expect(screen.queryByRole('button', { name: 'Show older messages' })).toBeNull();
  });

  test('folds what was pasted, and unfolds it', async () => {
    portal.keep(conversation(), [prompt({ content: `${'long '.repeat(400)}the end` }), answer()]);
    const { user } = await open();
    expect(screen.queryByText(/the end/)).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Show all' }));
    expect(screen.getByText(/the end/)).toBeVisible();
  });
});

describe('an answer', () => {
  test('is waited for, streams in, and is whole at the end', async () => {
    const { id } = await ask();
    const reply = answers()[1]!;
    expect(within(reply).getByText('Waiting for the answer')).toBeInTheDocument();
    expect(reply).toHaveAttribute('aria-busy', 'true');

    portal.chat.send(
      { type: 'reply.started', conversation_id: ID, message_id: id, model: 'openai/gpt-5' },
      delta(1, 0, 'Call it **Wr', id),
    );
    expect(await within(reply).findByText(/Call it/)).toHaveTextContent('Call it **Wr');
    expect(within(reply).queryByText('Waiting for the answer')).toBeNull();
    expect(reply).toHaveAccessibleName('Answer of GPT-5');

    portal.chat.send(delta(2, 12, 'en**.', id));
    expect((await within(reply).findByText('Wren')).tagName).toBe('STRONG');

    const usage = { input_tokens: 1_240, output_tokens: 12, cached_tokens: 0, reasoning_tokens: 0, estimated: false };
    portal.chat.send(ended(17, 2, 'completed', answer({ id, usage })));
    expect(await within(reply).findByText('· 1,240 tokens read, 12 written')).toBeInTheDocument();
    expect(reply).toHaveAttribute('aria-busy', 'false');
    expect(portal.requests('POST', MESSAGES)).toEqual([]);
  });

  test('whose frames are lost is whole all the same', async () => {
    const { id } = await ask();
    portal.chat.send(delta(1, 0, 'Call it ', id));
    await screen.findByText('Call it');
    portal.checkpoint(id, { content: 'Call it Wren.', last_seq: 3, status: 'complete' });
    portal.chat.send(ended(13, 3, 'completed', answer({ id })));
    expect(await screen.findByText('Call it Wren.')).toBeVisible();
  });

  test('shows that the model thinks, and what it thought when asked', async () => {
    const { id } = await ask();
    portal.chat.send(thinking(1, 0, 'Small boats, small birds.', id));
    expect(await screen.findByText('Thinking…')).toBeVisible();
    portal.chat.send(delta(2, 0, 'Wren', id), ended(4, 2, 'completed', answer({ id })));
    expect(await screen.findByText('What it thought')).toBeVisible();
    expect(screen.getByText('Small boats, small birds.')).toBeInTheDocument();
  });

  test('says when the model did not read all of the conversation', async () => {
    const { id } = await ask();
    portal.chat.send({ type: 'reply.notice', conversation_id: ID, message_id: id, notice: 'trimmed' });
    expect(await screen.findByText(/the oldest messages were left out/)).toBeVisible();
  });

  test('can be copied as it was written', async () => {
    const { user } = await open();
    await user.click(screen.getByRole('button', { name: 'Copy answer' }));
    await expect(navigator.clipboard.readText()).resolves.toBe('Call it Albatross.');
  });

  test('has code that can be copied', async () => {
    portal.keep(conversation(), [prompt(), answer({ content: '```js\nconst boat = 1;\n```' })]);
    const { user } = await open();
    await user.click(await screen.findByRole('button', { name: 'Copy code' }));
    await expect(navigator.clipboard.readText()).resolves.toBe('const boat = 1;');
    expect(await screen.findByRole('button', { name: 'Copied' })).toBeVisible();
  });

  test('runs alone: what is written meanwhile is kept, not sent', async () => {
    const { id, user } = await ask();
    await user.type(await box(), 'Wait{Enter}');
    expect(await box()).toHaveValue('Wait');
    expect(screen.getByText('The answer is still being written.')).toBeVisible();
    portal.chat.send(delta(1, 0, 'Wren', id), ended(4, 1, 'completed', answer({ id })));
    await waitFor(() => expect(screen.getByRole('button', { name: 'Send' })).toHaveAttribute('aria-disabled', 'false'));
    await user.keyboard('{Enter}');
    expect(await portal.chat.said(2)).toMatchObject({ content: 'Wait' });
  });
});

describe('a failed answer', () => {
  const REFUSED = problem('provider-failed', 'OpenAI refused the key. Check it in the settings.', {
    title: 'The model did not answer',
  });

  test('is told as a sentence where the answer would be, and can be asked again', async () => {
    const { id, user } = await ask();
    portal.chat.send(failed(REFUSED, id));
    const reply = answers()[1]!;
    expect(await within(reply).findByText('The model did not answer')).toBeVisible();
    expect(within(reply).getByText(/OpenAI refused the key/)).toHaveTextContent('choose another model below');
    await user.click(within(reply).getByRole('button', { name: 'Ask again' }));
    const again = await portal.chat.said(2);
    expect(again.content).toBe('And a dinghy?');
    expect(again.client_id).not.toBe((await portal.chat.said(1)).client_id);
  });

  test('further up offers nothing to press: the conversation has gone on', async () => {
    portal.keep(conversation(), [
      prompt(),
      answer({ status: 'failed', content: '', error: REFUSED }),
      prompt({ id: 12, parent_id: 11, client_id: 'c12', content: 'Again, please' }),
      answer({ id: 13, parent_id: 12 }),
    ]);
    await open();
    expect(screen.getByText(/OpenAI refused the key/)).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Ask again' })).toBeNull();
  });

  test('that was cut off keeps its text and says why', async () => {
    const { id } = await ask();
    portal.chat.send(delta(1, 0, 'Call it', id));
    await screen.findByText('Call it');
    portal.checkpoint(id, {
      status: 'interrupted',
      content: 'Call it',
      error: problem('answer-cut', 'The connection to the model broke.'),
    });
    portal.chat.send(ended(7, 1, 'interrupted', answer({ id })));
    expect(await screen.findByText('The answer was cut off')).toBeVisible();
    expect(await screen.findByText(/The connection to the model broke/)).toBeVisible();
    expect(within(answers()[1]!).getByText('Call it')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Ask again' })).toBeEnabled();
  });
});

describe('a message that is not accepted', () => {
  test('comes back into the box with the reason', async () => {
    const { user } = await open();
    await user.type(await box(), 'Hello{Enter}');
    const { client_id } = await portal.chat.said();
    portal.chat.send({ type: 'error', problem: DOWN, client_id });
    expect(await screen.findByRole('alert')).toHaveTextContent(`Not sent. ${DOWN.detail}`);
    expect(await box()).toHaveValue('Hello');
    await user.keyboard('{Enter}');
    expect(await portal.chat.said(2)).toMatchObject({ client_id, content: 'Hello' });
  });

  test('or not confirmed before the tab is closed is in the box at the next visit', async () => {
    portal.trouble('POST', MESSAGES, 'slow');
    const { user, reload } = await open();
    await user.type(await box(), 'Hello{Enter}');
    await portal.chat.said();
    await reload();
    expect(await screen.findByRole('alert')).toHaveTextContent('This message was not sent. Send it again.');
    expect(await box()).toHaveValue('Hello');
  });
});

test('a draft survives a reload', async () => {
  const { user, reload } = await open();
  await user.type(await box(), 'Half a thought');
  await reload();
  expect(await box()).toHaveValue('Half a thought');
});

test('a reload in the middle of an answer goes on with it', async () => {
  const { id } = await ask();
  portal.chat.send(delta(1, 0, 'Call it ', id));
  await screen.findByText('Call it');
  portal.checkpoint(id, { content: 'Call it ', last_seq: 1, model: 'openai/gpt-5' });
  await renderPage(PAGE);
  await screen.findByText('Live');
  expect(await screen.findByText('Call it')).toBeVisible();
  portal.chat.send(delta(2, 8, 'Wren.', id), ended(13, 2, 'completed', answer({ id })));
  expect(await screen.findByText('Call it Wren.')).toBeVisible();
});

test('what is said in another tab appears in this one', async () => {
  await open();
  portal.accept({ client_id: 'elsewhere', content: 'From my phone' });
  expect(await screen.findByText('From my phone')).toBeVisible();
});

describe('the connection', () => {
  test('that is lost is told and comes back, with what happened in between', async () => {
    const { user } = await open();
    portal.chat.refusing = true;
    portal.chat.drop();
    expect(await screen.findByText(/^Reconnecting/, { selector: 'span:not([role])' })).toBeVisible();
    expect(screen.getByText('Connection lost. Reconnecting.')).toBeInTheDocument();
    portal.keep(conversation(), [
      prompt(),
      answer(),
      prompt({ id: 12, parent_id: 11, client_id: 'c12', content: 'Meanwhile' }),
      answer({ id: 13, parent_id: 12, content: 'It went on.' }),
    ]);
    portal.chat.refusing = false;
    await user.click(screen.getByRole('button', { name: 'Now' }));
    expect(await screen.findByText('Live')).toBeVisible();
    expect(await screen.findByText('It went on.')).toBeVisible();
  });

  test('counts the seconds to the next attempt from now, not from when the page was opened', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.spyOn(Math, 'random').mockReturnValue(1);
    await open();
    vi.setSystemTime(Date.now() + 600_000);
    portal.chat.refusing = true;
    portal.chat.drop();
    // Not once there has been time to correct itself.
    expect(await screen.findByText(/^Reconnecting in \d+ s$/)).toHaveTextContent('Reconnecting in 1 s');
    vi.useRealTimers();
  });

  test('without a network nothing can be sent, and what is written is kept', async () => {
    const { user } = await open();
    setOnline(false);
    expect(await screen.findByText('Offline', { selector: 'span' })).toBeVisible();
    await user.type(await box(), 'Later{Enter}');
    expect(screen.getByText('You are offline. What you write is kept.')).toBeVisible();
    expect(await box()).toHaveValue('Later');
    setOnline(true);
    expect(await screen.findByText('Live')).toBeVisible();
    await user.click(await box());
    await user.keyboard('{Enter}');
    expect(await portal.chat.said()).toMatchObject({ content: 'Later' });
  });

  test('is not needed: without a socket the answer is read', async () => {
    portal.chat.refusing = true;
    const { user } = await renderPage(PAGE);
    await user.type(await box(), 'Hello{Enter}');
    await portal.request('POST', MESSAGES);
    await waitFor(() => expect(answers()).toHaveLength(2));
    portal.checkpoint(13, { content: 'Read from the table.', last_seq: 4, status: 'complete' });
    expect(await screen.findByText('Read from the table.')).toBeVisible();
  });
});

test('a conversation that is deleted elsewhere is gone here as well', async () => {
  await open();
  portal.forget(ID);
  portal.account.send({ type: 'conversation.updated', conversation_id: ID, deleted: true });
  expect(await screen.findByRole('heading', { name: 'This conversation is not here' })).toBeVisible();
});

test('a title that the server finds appears at once', async () => {
  portal.keep(conversation({ title: null }), [prompt(), answer()]);
  await open();
  portal.chat.send({ type: 'conversation.updated', conversation_id: ID, title: 'Boats and birds', version: 2 });
  expect(await screen.findByRole('heading', { level: 1, name: 'Boats and birds' })).toBeVisible();
});
