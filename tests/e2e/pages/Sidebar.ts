import type { Locator, Page } from '@playwright/test';

/** The list of conversations, beside the page or in its drawer. */
export class Sidebar {
  readonly page: Page;
  readonly list: Locator;
  readonly search: Locator;
  readonly newConversation: Locator;

  constructor(page: Page) {
    this.page = page;
    this.list = page.getByRole('navigation', { name: 'Conversations' });
    this.search = page.getByRole('searchbox', { name: 'Search titles' });
    this.newConversation = page.getByRole('link', { name: 'New conversation' });
  }

  row(title: string): Locator {
    return this.list.getByRole('link', { name: title, exact: true });
  }

  options(title: string): Locator {
    return this.list.getByRole('button', { name: `Options of “${title}”` });
  }

  /** Chooses from the menu of a conversation. */
  async choose(title: string, option: string): Promise<void> {
    await this.row(title).hover();
    await this.options(title).click();
    await this.page.getByRole('menuitem', { name: option }).click();
  }
}
