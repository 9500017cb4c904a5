import { defineConfig, devices } from '@playwright/test';

import { cloud } from './support/cloud';

export default defineConfig({
  testDir: 'specs',
  outputDir: '../artifacts/results',
  fullyParallel: true,
  forbidOnly: process.env.CI !== undefined,
  retries: 0,
  workers: 2,
  timeout: 30_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    ...devices['Desktop Chrome'],
    baseURL: cloud.portal_url,
    viewport: { width: 1280, height: 800 },
    // What moves on its own has no end that a test could wait for.
    contextOptions: { reducedMotion: 'reduce' },
    locale: 'en-GB',
    timezoneId: 'Europe/Vienna',
    // `--trace on` tells more, and takes a quarter longer.
    screenshot: 'only-on-failure',
    launchOptions: {
      // The system's browser, never one that is downloaded here.
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    // Alone, because it begins with a portal in which nothing was said, and takes the pictures before others have filled the list.
    { name: 'first', testMatch: 'first-start.spec.ts', workers: 1 },
    { name: 'portal', testIgnore: 'first-start.spec.ts', dependencies: ['first'] },
  ],
});
