/** What browsers have and jsdom lacks, as far as the pages need it. */
import { vi } from 'vitest';

class NoObserver {
  observe(): void {
    // Nothing has a size or a place here, so nothing ever changes it.
  }
  unobserve(): void {
    // As above.
  }
  disconnect(): void {
    // As above.
  }
}

/** The media queries that hold; everything else does not. */
const media = { wide: true, dark: false, coarse: false };
const listeners = new Set<() => void>();

/** Changes the device: a phone is neither wide nor has it a mouse. */
export function setDevice(changed: Partial<typeof media>): void {
  Object.assign(media, changed);
  for (const listener of listeners) {
    listener();
  }
}

function matches(query: string): boolean {
  return (
    (query.includes('min-width: 768px') && media.wide) ||
    (query.includes('prefers-color-scheme: dark') && media.dark) ||
    (query.includes('pointer: coarse') && media.coarse)
  );
}

/** Gives jsdom what it lacks, and a desktop in daylight. */
export function installBrowser(): void {
  setDevice({ wide: true, dark: false, coarse: false });
  window.matchMedia = (query: string) =>
    ({
      get matches() {
        return matches(query);
      },
      addEventListener: (_: string, listener: () => void) => listeners.add(listener),
      removeEventListener: (_: string, listener: () => void) => listeners.delete(listener),
    }) as unknown as MediaQueryList;
  window.ResizeObserver = NoObserver;
  window.IntersectionObserver = NoObserver as unknown as typeof IntersectionObserver;
  // A list that scrolls to its end, and a menu that scrolls to its choice.
  Element.prototype.scrollTo = vi.fn();
  Element.prototype.scrollIntoView = vi.fn();
  Element.prototype.hasPointerCapture = () => false;
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function (this: HTMLDialogElement) {
    if (this.open) {
      this.open = false;
      this.dispatchEvent(new Event('close'));
    }
  };
}

/** Says that the network is gone or back, as the browser does. */
export function setOnline(online: boolean): void {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(online);
  window.dispatchEvent(new Event(online ? 'online' : 'offline'));
}
