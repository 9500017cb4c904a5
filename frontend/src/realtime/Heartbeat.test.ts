import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Heartbeat } from './Heartbeat';

const ping = vi.fn<() => void>();
const broken = vi.fn<() => void>();
let heart: Heartbeat;

beforeEach(() => {
  vi.useFakeTimers();
  ping.mockReset();
  broken.mockReset();
  heart = new Heartbeat(25_000, { ping, broken });
  heart.start();
});

afterEach(() => {
  heart.stop();
  vi.useRealTimers();
});

test('asks at its interval', () => {
  ping.mockImplementation(() => heart.heard());
  vi.advanceTimersByTime(24_999);
  expect(ping).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(ping).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(75_000);
  expect(ping).toHaveBeenCalledTimes(4);
  expect(broken).not.toHaveBeenCalled();
});

test('takes a connection for dead when pings stay unanswered, after a minute of silence', () => {
  vi.advanceTimersByTime(59_000);
  expect(broken).not.toHaveBeenCalled();
  vi.advanceTimersByTime(6_000);
  expect(broken).toHaveBeenCalled();
});

test('takes it for dead sooner while an answer should be coming', () => {
  heart.expectFrames(true);
  vi.advanceTimersByTime(34_000);
  expect(broken).not.toHaveBeenCalled();
  vi.advanceTimersByTime(6_000);
  expect(broken).toHaveBeenCalled();
});

test('whatever is heard counts as life', () => {
  heart.expectFrames(true);
  for (let second = 0; second < 120; second += 10) {
    vi.advanceTimersByTime(10_000);
    heart.heard();
  }
  expect(broken).not.toHaveBeenCalled();
});

test('silence alone means nothing: a laptop that wakes up asks first', () => {
  vi.setSystemTime(Date.now() + 3_600_000);
  vi.advanceTimersByTime(5_000);
  expect(ping).toHaveBeenCalledOnce();
  expect(broken).not.toHaveBeenCalled();
  vi.advanceTimersByTime(10_000);
  expect(broken).toHaveBeenCalled();
});

test('asks at once when told to', () => {
  heart.probe();
  expect(ping).toHaveBeenCalledOnce();
});

test('is silent once it has been stopped', () => {
  heart.stop();
  heart.probe();
  vi.advanceTimersByTime(600_000);
  expect(ping).not.toHaveBeenCalled();
  expect(broken).not.toHaveBeenCalled();
});
