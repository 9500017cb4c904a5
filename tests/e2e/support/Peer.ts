import type { Script } from './Script';

/** The scripted peer that stands in for a language model, told over HTTP what to do. */
export class Peer {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Answers the next prompt that holds this text so. */
  async answer(prompt: string, script: Script): Promise<void> {
    await this.#post('/scripts', script.when(prompt));
  }

  /** Lets the scripts go on that hold at this name. */
  async release(name: string): Promise<void> {
    await this.#post('/release', name);
  }

  async #post(path: string, body: unknown): Promise<void> {
    const response = await fetch(this.#url + path, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) {
      throw new Error(`The peer refuses ${path}: ${await response.text()}`);
    }
  }
}
