import type { Page, WebSocketRoute } from '@playwright/test';

/** What the page's sockets run through: it can be cut, and mended. */
export class Cable {
  readonly #ends = new Set<WebSocketRoute>();
  #whole = true;

  /** Lays it under a page that has not been opened yet. */
  static async under(page: Page): Promise<Cable> {
    const cable = new Cable();
    await page.routeWebSocket(/\/ws\//, (socket) => cable.#carry(socket));
    return cable;
  }

  /** Closes what is open; until it is mended nothing opens. */
  async cut(): Promise<void> {
    this.#whole = false;
    await Promise.all([...this.#ends].map((end) => end.close({ code: 1011 })));
    this.#ends.clear();
  }

  mend(): void {
    this.#whole = true;
  }

  #carry(socket: WebSocketRoute): void {
    if (this.#whole) {
      this.#ends.add(socket).add(socket.connectToServer());
    } else {
      void socket.close({ code: 1011 });
    }
  }
}
