import { fileURLToPath } from 'node:url';

import type { Page } from '@playwright/test';

const FOLDER = fileURLToPath(new URL('../../artifacts/', import.meta.url));

export const WIDE = { width: 1280, height: 800 };
export const NARROW = { width: 390, height: 844 };

/** Lets the window be as a system in this theme has it. */
export async function themed(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.locator(`html[data-theme=${colorScheme}]`).waitFor();
  // Colours that change on their way are neither of the two themes.
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const changing = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    await Promise.allSettled(changing.map((animation) => animation.finished));
  });
}

/** Takes a picture of the window in light and in dark: `tests/artifacts/<name>-<width>-<theme>.png`. */
export async function picture(page: Page, name: string): Promise<void> {
  const width = page.viewportSize()?.width ?? 0;
  for (const theme of ['light', 'dark'] as const) {
    await themed(page, theme);
    await page.screenshot({ path: `${FOLDER}${name}-${width}-${theme}.png`, animations: 'disabled', caret: 'hide' });
  }
}
