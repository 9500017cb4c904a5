import type { BrowserContext, Page, Request } from '@playwright/test';

import { type Frame, misfit } from './protocol';

/**
 * Looks at everything that goes on in a browser's windows, in every test: errors of the pages, what the content security policy
 * stopped, dialogs, requests to strangers, and frames that are not as they are described.
 */
export class Watch {
  readonly #origin: string;
  readonly #found: string[] = [];
  readonly #expected: RegExp[] = [];
  /** The frames of all windows, as they came and went. */
  readonly frames: Frame[] = [];

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** What was found that no test said it expects. */
  get findings(): string[] {
    return this.#found.filter((finding) => !this.#expected.some((pattern) => pattern.test(finding)));
  }

  /** A test that provokes an error says so. */
  expect(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  of(context: BrowserContext): void {
    context.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') {
        this.#found.push(`console: ${message.text()} (${message.location().url})`);
      }
    });
    context.on('weberror', (error) => this.#found.push(`page: ${String(error.error())}`));
    context.on('dialog', (dialog) => {
      this.#found.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    context.on('request', (request) => this.#request(request));
    context.on('page', (page) => this.#page(page));
  }

  #request(request: Request): void {
    const url = new URL(request.url());
    if (url.origin !== this.#origin && url.protocol !== 'data:' && url.protocol !== 'blob:') {
      this.#found.push(`request: ${request.url()}`);
    }
  }

  #page(page: Page): void {
    page.on('websocket', (socket) => {
      const note = ({ payload }: { payload: string | Buffer }) => {
        const frame = JSON.parse(String(payload)) as Frame;
        this.frames.push(frame);
        const wrong = misfit(frame);
        if (wrong !== null) {
          this.#found.push(`frame: ${wrong}`);
        }
      };
      socket.on('framereceived', note);
      socket.on('framesent', note);
    });
  }
}
