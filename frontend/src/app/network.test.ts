import { describe, expect, test } from 'vitest';

import { setOnline } from '../test/browser';
import { isOffline } from './network';

describe('without a network', () => {
  test.each(['recollect.example', '192.168.0.7', 'localhost.example', '1270.0.0.1'])(
    '%s is out of reach',
    (hostname) => {
      setOnline(false);
      expect(isOffline(hostname)).toBe(true);
    },
  );

  test.each(['localhost', 'recollect.localhost', '127.0.0.1', '127.1.2.3', '[::1]'])('%s is not', (hostname) => {
    setOnline(false);
    expect(isOffline(hostname)).toBe(false);
  });
});

test('with a network nothing is out of reach for sure', () => {
  expect(isOffline('recollect.example')).toBe(false);
});
