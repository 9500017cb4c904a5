import { expect, type Locator, type Page } from '@playwright/test';

/** The page of a conversation, and the one where it begins. */
export class ChatPage {
  readonly page: Page;
  readonly box: Locator;
  readonly send: Locator;
  readonly messages: Locator;
  readonly prompts: Locator;
  /** What was said, without what stands around it. */
  readonly promptTexts: Locator;
  readonly answers: Locator;
  /** The paragraphs of all answers. */
  readonly paragraphs: Locator;

  constructor(page: Page) {
    this.page = page;
    this.box = page.getByRole('textbox', { name: 'Message', exact: true });
    this.send = page.getByRole('button', { name: 'Send' });
    this.messages = page.getByRole('list', { name: 'Messages' });
    this.prompts = this.messages.getByRole('article', { name: 'You' });
    this.promptTexts = this.prompts.locator('p');
    this.answers = this.messages.getByRole('article', { name: /^Answer of / });
    this.paragraphs = this.answers.locator('.prose p');
  }

  /** Opens a conversation, or without an id the place where one begins, and waits until one can write there. */
  async open(conversation?: string): Promise<void> {
    await this.page.goto(conversation === undefined ? '/' : `/chat/${conversation}`);
    await expect(this.box).toBeVisible();
  }

  async say(text: string): Promise<void> {
    await this.box.fill(text);
    await this.box.press('Enter');
  }

  /** Says something in the open conversation, or in a new one, and waits until the answer is whole. */
  async ask(text: string): Promise<void> {
    const before = await this.answers.count();
    await this.say(text);
    await expect(this.answers).toHaveCount(before + 1);
    await this.untilFinished();
  }

  async untilFinished(): Promise<void> {
    await expect(this.answers.last()).toHaveAttribute('aria-busy', 'false');
  }

  /** The id of the conversation that is open. */
  async conversation(): Promise<string> {
    await this.page.waitForURL(/\/chat\/[0-9a-f-]{36}$/);
    return this.page.url().slice(-36);
  }

  /** The words of all messages, as they are shown. */
  async transcript(): Promise<string[]> {
    const words = this.messages.getByRole('article').locator('p, pre, td, h2');
    return (await words.allInnerTexts()).map((text) => text.trim());
  }
}
