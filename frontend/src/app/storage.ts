/* eslint-disable no-restricted-globals -- the one file that touches it */

/** Small values kept in this browser. Storage can be forbidden or full; what is kept here is a convenience and never the only copy. */
export const storage = {
  read(key: string): string | null {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },

  write(key: string, value: string | null): void {
    try {
      if (value === null) {
        localStorage.removeItem(key);
      } else {
        localStorage.setItem(key, value);
      }
    } catch {
      // Full or forbidden: the page works on without it.
    }
  },
};
