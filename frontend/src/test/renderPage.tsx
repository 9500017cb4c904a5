import { cleanup, render } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { vi } from 'vitest';

export interface Page {
  user: UserEvent;
  /** Loads the page anew, where it is. */
  reload: () => Promise<void>;
}

/**
 * Opens an address as a browser does: the real router, query client and pages, loaded anew, so that nothing is left of the page
 * before but what the browser keeps.
 */
export async function renderPage(route: string): Promise<Page> {
  window.history.replaceState(null, '', route);
  await load();
  return { user: userEvent.setup({ delay: null }), reload: load };
}

async function load(): Promise<void> {
  window.dispatchEvent(new Event('pagehide'));
  cleanup();
  vi.resetModules();
  const [{ App }, { watchTheme }] = await Promise.all([import('../app/App'), import('../theme/theme')]);
  watchTheme();
  render(<App />);
}
