import { type BrowserContext, type BrowserContextOptions, expect, test as base } from '@playwright/test';

import { ChatPage } from '../pages/ChatPage';
import { Sidebar } from '../pages/Sidebar';
import { Api } from './Api';
import { cloud } from './cloud';
import { Peer } from './Peer';
import { signedIn } from './person';
import { Watch } from './Watch';

export { expect };

interface Fixtures {
  watch: Watch;
  peer: Peer;
  api: Api;
  chat: ChatPage;
  sidebar: Sidebar;
  /** Opens another browser of the same person. */
  another: (options?: BrowserContextOptions) => Promise<{ chat: ChatPage; sidebar: Sidebar; context: BrowserContext }>;
}

/** Cookies and storage of a browser. */
type BrowserState = Exclude<BrowserContextOptions['storageState'], string | undefined>;

interface WorkerFixtures {
  /** A browser in which somebody is signed in who is nobody else's. */
  signedInState: BrowserState;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  signedInState: [
    async ({ playwright }, use) => {
      const [browser, admin] = await Promise.all([
        playwright.request.newContext({ baseURL: cloud.portal_url }),
        playwright.request.newContext({ baseURL: cloud.portal_url }),
      ]);
      await signedIn(browser, admin);
      await use(await browser.storageState());
      await Promise.all([browser.dispose(), admin.dispose()]);
    },
    { scope: 'worker' },
  ],
  storageState: async ({ signedInState }, use) => use(signedInState),
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
  another: async ({ browser, contextOptions, baseURL, storageState, viewport, locale, timezoneId, watch }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (options) => {
      const shared = { ...contextOptions, baseURL, storageState, viewport, locale, timezoneId };
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
