import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { setOnline } from '../test/browser';
import { DOWN, ID } from '../test/fixtures';
import { Sockets } from '../test/sockets';
import type { ServerFrame } from './frames';
import { type ConnectionState, LiveSocket } from './LiveSocket';

const PATH = `/ws/chat/${ID}/`;

let far: Sockets;
let states: ConnectionState['kind'][];
let frames: ServerFrame[];
let opened: number;
let lost: number;
let socket: LiveSocket;

/** Lets what is on its way arrive. */
async function settle(ms = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

function open(): LiveSocket {
  return new LiveSocket(PATH, {
    onFrame: (frame) => frames.push(frame),
    onOpen: () => (opened += 1),
    onLost: () => (lost += 1),
    onState: ({ kind }) => states.push(kind),
  });
}

beforeEach(async () => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(1);
  far = new Sockets(PATH);
  [states, frames, opened, lost] = [[], [], 0, 0];
  socket = open();
  await settle();
});

afterEach(async () => {
  socket.close();
  await settle();
  vi.useRealTimers();
});

test('opens, and says so', () => {
  expect(states).toEqual(['connecting', 'live']);
  expect(opened).toBe(1);
  expect(far.connections).toBe(1);
});

test('hands on what it understands, and nothing else', async () => {
  far.sendText('{"type":"error"}', 'nonsense', '{"type":"reply.sang"}');
  far.send({ type: 'error', problem: DOWN });
  await settle();
  expect(frames).toEqual([{ type: 'error', problem: DOWN }]);
});

test('sends while it is open, and says when it is not', async () => {
  expect(socket.send({ action: 'ping' })).toBe(true);
  await settle();
  expect(far.heard).toEqual([{ action: 'ping' }]);
  far.drop();
  await settle();
  expect(socket.send({ action: 'ping' })).toBe(false);
});

describe('a connection that ends', () => {
  // A restart, a proxy that gives up, a deployment, an idle limit, a close without a reason, a defect of the server's.
  test.each([1000, 1001, 1006, 1011, 1012, 4000])('with code %d comes back', async (code) => {
    far.drop(code);
    await settle();
    expect(lost).toBe(1);
    expect(states.at(-1)).toBe('reconnecting');
    await settle(500);
    expect(states).toEqual(['connecting', 'live', 'reconnecting', 'connecting', 'live']);
    expect(opened).toBe(2);
  });

  test('is tried again at growing intervals while the server is away', async () => {
    far.refusing = true;
    far.drop();
    await settle();
    const gaps: number[] = [];
    for (let seen = far.attempts, since = Date.now(); gaps.length < 5;) {
      await settle(100);
      if (far.attempts > seen) {
        gaps.push(Date.now() - since);
        seen = far.attempts;
        since = Date.now();
      }
    }
    expect(gaps).toEqual([500, 1_000, 2_000, 4_000, 8_000]);
  });

  test('that opened but did not hold does not count as well', async () => {
    far.drop();
    await settle(500);
    far.drop();
    await settle();
    expect(socket.state).toMatchObject({ kind: 'reconnecting', at: Date.now() + 1_000 });
  });

  test('that held counts from the beginning again', async () => {
    far.drop();
    await settle(500);
    await settle(11_000);
    far.drop();
    await settle();
    expect(socket.state).toMatchObject({ kind: 'reconnecting', at: Date.now() + 500 });
  });

  test('is tried at once when the person asks', async () => {
    far.drop();
    await settle();
    socket.retryNow();
    await settle();
    expect(socket.state.kind).toBe('live');
    await settle(60_000);
    expect(far.attempts).toBe(2);
  });

  test('is not tried again once it has been closed', async () => {
    far.refusing = true;
    far.drop();
    await settle();
    socket.close();
    await settle(120_000);
    socket.retryNow();
    await settle();
    expect(far.attempts).toBe(1);
  });
});

describe('a connection that is dead without saying so', () => {
  test('is given up after unanswered pings', async () => {
    far.mute = true;
    await settle(66_000);
    expect(states.slice(2, 5)).toEqual(['reconnecting', 'connecting', 'live']);
  });

  test('is given up sooner while an answer is expected', async () => {
    far.mute = true;
    socket.expectFrames(true);
    await settle(41_000);
    expect(lost).toBe(1);
  });

  test('is kept while pings are answered', async () => {
    await settle(600_000);
    expect(states).toEqual(['connecting', 'live']);
    expect(far.heard.length).toBeGreaterThan(20);
  });

  test('is asked when the page is shown again', async () => {
    document.dispatchEvent(new Event('visibilitychange'));
    await settle();
    expect(far.heard).toEqual([{ action: 'ping' }]);
  });

  test('or never opens, is given up after a while', async () => {
    socket.close();
    const closed = vi.fn();
    vi.stubGlobal(
      'WebSocket',
      class {
        static readonly OPEN = 1;
        readonly readyState = 0;
        readonly close = closed;
      },
    );
    states.length = 0;
    socket = open();
    await settle(14_999);
    expect(states).toEqual(['connecting']);
    await settle(1);
    expect(states).toEqual(['connecting', 'reconnecting']);
    expect(closed).toHaveBeenCalledOnce();
  });
});

describe('without a network', () => {
  test('it waits, and comes back with the network', async () => {
    setOnline(false);
    await settle(120_000);
    expect(socket.state.kind).toBe('offline');
    expect(far.attempts).toBe(1);
    setOnline(true);
    await settle();
    expect(socket.state.kind).toBe('live');
  });

  test('an appointed attempt is called off', async () => {
    far.drop();
    await settle();
    setOnline(false);
    await settle(60_000);
    expect(far.attempts).toBe(1);
    expect(socket.state.kind).toBe('offline');
  });

  test('the network’s return does not disturb a connection that is there', async () => {
    window.dispatchEvent(new Event('online'));
    await settle();
    expect(far.attempts).toBe(1);
  });
});

test('once closed it is silent and lets go of the page', async () => {
  socket.close();
  await settle();
  expect(far.connections).toBe(0);
  const before = states.length;
  setOnline(false);
  setOnline(true);
  document.dispatchEvent(new Event('visibilitychange'));
  await settle(60_000);
  expect(states).toHaveLength(before);
  expect(lost).toBe(0);
});
