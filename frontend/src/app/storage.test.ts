import { expect, test, vi } from 'vitest';

import { storage } from './storage';

test('what is written can be read, and nothing removes it', () => {
  storage.write('a', 'b');
  expect(storage.read('a')).toBe('b');
  storage.write('a', null);
  expect(storage.read('a')).toBeNull();
});

test('a browser that forbids storage, or has no room, does not break the page', () => {
  const refuse = () => {
    throw new DOMException('no', 'QuotaExceededError');
  };
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(refuse);
  vi.spyOn(Storage.prototype, 'getItem').mockImplementation(refuse);
  expect(() => storage.write('a', 'b')).not.toThrow();
  expect(storage.read('a')).toBeNull();
});
