import { vi } from 'vitest';

/** How long a condition may take on a machine that is busy with something else. Those that hold are not waited for. */
export const PATIENCE_MS = 10_000;

/** Waits until `check` no longer throws. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: PATIENCE_MS, interval: 20 });
}
