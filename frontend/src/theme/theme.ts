import { useSyncExternalStore } from 'react';

import { storage } from '../app/storage';

export type ThemeChoice = 'system' | 'light' | 'dark';

/** `public/theme.js` reads it before the first paint. */
const KEY = 'recollect.theme';
const CANVAS = { light: '#f9fbfb', dark: '#141b1e' };

const listeners = new Set<() => void>();
const systemDark = window.matchMedia('(prefers-color-scheme: dark)');

function choice(): ThemeChoice {
  const stored = storage.read(KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

function apply(): void {
  const chosen = choice();
  const theme = chosen === 'system' ? (systemDark.matches ? 'dark' : 'light') : chosen;
  document.documentElement.dataset.theme = theme;
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', CANVAS[theme]);
  for (const listener of listeners) {
    listener();
  }
}

/** Chooses a theme for this browser. */
export function chooseTheme(chosen: ThemeChoice): void {
  storage.write(KEY, chosen === 'system' ? null : chosen);
  apply();
}

/** Follows the system and other tabs. */
export function watchTheme(): void {
  apply();
  systemDark.addEventListener('change', apply);
  window.addEventListener('storage', ({ key }) => {
    if (key === KEY) {
      apply();
    }
  });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(subscribe, choice);
}
