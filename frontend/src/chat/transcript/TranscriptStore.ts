import { reduce } from './reducer';
import { EMPTY, type Transcript, type TranscriptAction } from './state';

/**
 * A conversation's transcript outside React. Text comes faster than it can be painted: frames are reduced at once and published
 * once per animation frame.
 */
export class TranscriptStore {
  #state: Transcript;
  #published: Transcript;
  #cancel: (() => void) | null = null;
  readonly #listeners = new Set<() => void>();

  constructor(initial: Transcript = EMPTY) {
    this.#state = this.#published = initial;
  }

  /** What is known now, published or not. */
  get state(): Transcript {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What is shown: stays the same object until the next publication. */
  readonly snapshot = (): Transcript => this.#published;

  dispatch(action: TranscriptAction): void {
    const next = reduce(this.#state, action);
    if (next === this.#state) {
      return;
    }
    this.#state = next;
    const growth = action.type === 'frame' && /^reply\.(delta|thinking)$/.test(action.frame.type);
    if (!growth) {
      this.#publish();
    } else {
      this.#cancel ??= onNextFrame(() => this.#publish());
    }
  }

  #publish(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#published = this.#state;
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

/** A hidden tab paints no frames, yet its title and its live region should go on. */
function onNextFrame(run: () => void): () => void {
  if (document.visibilityState === 'hidden') {
    const timer = setTimeout(run, 250);
    return () => clearTimeout(timer);
  }
  const frame = requestAnimationFrame(run);
  return () => cancelAnimationFrame(frame);
}
