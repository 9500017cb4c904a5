type Step =
  | { head: { status: number; headers: [string, string][]; framing: 'chunked' | { length: number } } }
  | { body: string }
  | { hold: string }
  | 'close';

/** What the peer answers to one prompt, step by step, in the form of its control API. */
export class Script {
  readonly steps: Step[] = [];
  #when: string | undefined;
  #everyMs = 0;
  #times: number | undefined;

  /** The beginning of a good answer. */
  static answer(...texts: string[]): Script {
    const script = new Script().head(200, 'text/event-stream', 'chunked');
    return texts.reduce((answer, text) => answer.text(text), script);
  }

  /** An error as OpenAI gives it. */
  static error(status: number, code: string): Script {
    const body = JSON.stringify({ error: { message: 'Only for the log.', type: code, code } });
    const script = new Script().head(status, 'application/json', { length: Buffer.byteLength(body) });
    script.steps.push({ body });
    return script;
  }

  /** Then this much of the answer. */
  text(content: string): this {
    return this.#delta({ content });
  }

  /** Then this much thinking. */
  thinking(text: string): this {
    return this.#delta({ reasoning_content: text });
  }

  /** Then nothing, until the peer is told to go on. */
  hold(name: string): this {
    this.steps.push({ hold: name });
    return this;
  }

  /** Then the end of an answer that is whole. */
  finish(reason = 'stop'): this {
    this.#event({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });
    this.#event({ choices: [], usage: { prompt_tokens: 24, completion_tokens: 118, total_tokens: 142 } });
    this.steps.push({ body: 'data: [DONE]\n\n' });
    return this;
  }

  /** Then the end of the connection, in the middle of the answer. */
  breakOff(): this {
    this.steps.push('close');
    return this;
  }

  /** With a pause between the pieces. */
  every(milliseconds: number): this {
    this.#everyMs = milliseconds;
    return this;
  }

  /** For so many requests. */
  times(times: number): this {
    this.#times = times;
    return this;
  }

  /** Only for a prompt that holds this text, so that tests at the same time do not take each other's answers. */
  when(text: string): this {
    this.#when = text;
    return this;
  }

  toJSON(): unknown {
    return { when: this.#when, times: this.#times, every_ms: this.#everyMs, steps: this.steps };
  }

  private head(status: number, contentType: string, framing: 'chunked' | { length: number }): this {
    this.steps.push({ head: { status, headers: [['content-type', contentType]], framing } });
    return this;
  }

  #delta(delta: Record<string, string>): this {
    return this.#event({ id: 'c1', choices: [{ index: 0, delta, finish_reason: null }] });
  }

  #event(data: unknown): this {
    this.steps.push({ body: `data: ${JSON.stringify(data)}\n\n` });
    return this;
  }
}
