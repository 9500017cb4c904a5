import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';

import { conversation, ID, uuid } from '../test/fixtures';
import { Portal } from '../test/portal';
import { renderPage } from '../test/renderPage';

const LIST = /\/api\/conversations\/\?/;

let portal: Portal;

beforeEach(async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  portal = new Portal();
  portal.keep(conversation({ updated_at: '2026-11-24T12:00:00Z' }));
  portal.keep(conversation({ id: uuid(2), title: 'Dinner for six', updated_at: '2026-11-25T11:00:00Z' }));
  await renderPage('/');
  await screen.findByRole('link', { name: 'Names for a boat' });
  await portal.account.connected();
});

function titles(): string[] {
  return within(screen.getByRole('navigation', { name: 'Conversations' }))
    .queryAllByRole('link')
    .map(({ textContent }) => textContent);
}

test('a title that was changed elsewhere is changed here', async () => {
  portal.account.send({ type: 'conversation.updated', conversation_id: ID, title: 'Ships', version: 2 });
  await waitFor(() => expect(titles()).toEqual(['Dinner for six', 'Ships']));
});

test('a conversation in which something was said moves up', async () => {
  portal.account.send({ type: 'conversation.updated', conversation_id: ID, updated_at: '2026-11-25T12:00:00Z' });
  await waitFor(() => expect(titles()).toEqual(['Names for a boat', 'Dinner for six']));
});

test('a conversation that was begun elsewhere appears', async () => {
  portal.keep(conversation({ id: uuid(3), title: 'Begun on the phone' }));
  portal.account.send({
    type: 'conversation.updated',
    conversation_id: uuid(3),
    title: 'Begun on the phone',
    version: 1,
  });
  await waitFor(() => expect(titles()).toContain('Begun on the phone'));
});

test('a conversation that was deleted elsewhere disappears', async () => {
  portal.account.send({ type: 'conversation.updated', conversation_id: ID, deleted: true });
  await waitFor(() => expect(titles()).toEqual(['Dinner for six']));
});

test('what nobody told of while the connection was lost is read when it is back', async () => {
  const before = portal.requests('GET', LIST).length;
  portal.keep(conversation({ id: uuid(3), title: 'Begun meanwhile' }));
  portal.account.drop();
  await waitFor(() => expect(titles()).toContain('Begun meanwhile'));
  expect(portal.requests('GET', LIST).length).toBeGreaterThan(before);
});

test('the first connection reads nothing again', () => {
  expect(portal.requests('GET', LIST)).toHaveLength(1);
});
