import { type BrowserContext, type BrowserContextOptions, expect, test as base } from '@playwright/test';

import { ChatPage } from '../pages/ChatPage';
import { Sidebar } from '../pages/Sidebar';
import { Api } from './Api';
import { cloud } from './cloud';
import { Peer } from './Peer';
import { Watch } from './Watch';

export { expect };

interface Fixtures {
  watch: Watch;
  peer: Peer;
  api: Api;
  chat: ChatPage;
  sidebar: Sidebar;
  /** Opens another browser, which shares nothing with the first. */
  another: (options?: BrowserContextOptions) => Promise<{ chat: ChatPage; sidebar: Sidebar; context: BrowserContext }>;
}

export const test = base.extend<Fixtures>({
  watch: [
    async ({}, use) => {
      const watch = new Watch(cloud.portal_url);
      await use(watch);
      expect(watch.findings, 'what the pages should not have done').toEqual([]);
    },
    { auto: true },
  ],
  context: async ({ context, watch }, use) => {
    watch.of(context);
    await use(context);
  },
  peer: async ({}, use) => use(new Peer(cloud.peer_control_url)),
  api: async ({ request }, use) => use(new Api(request)),
  chat: async ({ page }, use) => use(new ChatPage(page)),
  sidebar: async ({ page }, use) => use(new Sidebar(page)),
  another: async ({ browser, contextOptions, baseURL, viewport, locale, timezoneId, watch }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (options) => {
      const shared = { ...contextOptions, baseURL, viewport, locale, timezoneId };
      const context = await browser.newContext({ ...shared, ...options } as BrowserContextOptions);
      opened.push(context);
      watch.of(context);
      const page = await context.newPage();
      return { chat: new ChatPage(page), sidebar: new Sidebar(page), context };
    });
    await Promise.all(opened.map((context) => context.close()));
  },
});

/** A text that no other test uses: the peer's answers and the conversations' titles are told apart by it. */
export function unique(text: string): string {
  return `${text} #${Math.random().toString(36).slice(2, 8)}`;
}
