/** Whether somebody has to sign in before the page goes on. */
type Listener = () => void;

/**
 * What a request waits for that nobody is signed in for: the person signs in over the page, which stays as it is, and the request is
 * made again as it was. So a prompt keeps its text and its `client_id`, and is stored once.
 */
class SignIn {
  #waiting: { promise: Promise<void>; resolve: () => void } | null = null;
  readonly #listeners = new Set<Listener>();

  /** Asks for it; settles when somebody has signed in. */
  required(): Promise<void> {
    if (!this.#waiting) {
      let resolve: () => void = () => undefined;
      const promise = new Promise<void>((done) => {
        resolve = done;
      });
      this.#waiting = { promise, resolve };
      this.#tell();
    }
    return this.#waiting.promise;
  }

  /** Somebody has: everything that waits goes on. */
  done(): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    this.#tell();
    waiting?.resolve();
  }

  readonly subscribe = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly isRequired = (): boolean => this.#waiting !== null;

  #tell(): void {
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

export const signIn = new SignIn();
