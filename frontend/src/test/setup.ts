/* eslint-disable no-restricted-globals -- storage is emptied behind the page's back */
import '@testing-library/jest-dom/vitest';

import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';

import { installBrowser } from './browser';
import { PATIENCE_MS } from './eventually';
import { server } from './server';
import { turns } from './turns';

configure({ asyncUtilTimeout: PATIENCE_MS });

const unexpected: unknown[] = [];

beforeAll(() =>
  server.listen({
    onUnhandledRequest: ({ method, url }, print) => {
      unexpected.push(`${method} ${url}`);
      print.error();
    },
  }),
);

beforeEach(() => {
  installBrowser();
  window.history.replaceState(null, '', '/');
  // What React and the browser complain about is a defect, also where the page goes on.
  vi.spyOn(console, 'error').mockImplementation((...complaint: unknown[]) => void unexpected.push(complaint));
});

afterEach(async () => {
  vi.useRealTimers();
  cleanup();
  // A page that is left sends what it has not sent yet.
  await turns();
  // What is about to be stored is stored now, not in the middle of the next test.
  window.dispatchEvent(new Event('pagehide'));
  localStorage.clear();
  delete document.documentElement.dataset.theme;
  server.resetHandlers();
  expect(unexpected.splice(0), 'requests that nobody answers, and complaints on the console').toEqual([]);
});

afterAll(() => server.close());
