// @vitest-environment jsdom
// @vitest-environment-options {"url": "http://localhost:8787/"}
import { expect, test, vi } from 'vitest';

import { setOnline } from '../test/browser';
import { eventually } from '../test/eventually';
import { Sockets } from '../test/sockets';
import { LiveSocket } from './LiveSocket';

test('a server on this machine is in reach without a network', async () => {
  const far = new Sockets('/ws/');
  const states: string[] = [];
  const socket = new LiveSocket('/ws/', {
    onFrame: vi.fn(),
    onOpen: vi.fn(),
    onLost: vi.fn(),
    onState: ({ kind }) => states.push(kind),
  });
  await far.connected();
  setOnline(false);
  expect(far.connections).toBe(1);
  vi.spyOn(Math, 'random').mockReturnValue(0);
  far.drop();
  await eventually(() => expect(states).toEqual(['connecting', 'live', 'reconnecting', 'connecting', 'live']));
  socket.close();
});
