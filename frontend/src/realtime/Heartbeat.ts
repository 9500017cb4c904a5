const TICK_MS = 5_000;
/** How long a `pong` may take before its absence means something. */
const PONG_MS = 8_000;
const SILENT_WHILE_ANSWERING_MS = 35_000;
const SILENT_WHILE_IDLE_FACTOR = 2.4;

interface HeartbeatEvents {
  ping: () => void;
  broken: () => void;
}

/**
 * Finds connections that died without saying so. Silence alone does not count: a hidden tab's timers run late, so a ping must
 * have stayed unanswered as well.
 */
export class Heartbeat {
  readonly #pingEveryMs: number;
  readonly #events: HeartbeatEvents;
  #timer: ReturnType<typeof setInterval> | undefined;
  #heardAt = 0;
  #pingedAt = 0;
  #expecting = false;

  constructor(pingEveryMs: number, events: HeartbeatEvents) {
    this.#pingEveryMs = pingEveryMs;
    this.#events = events;
  }

  start(): void {
    this.stop();
    this.#heardAt = this.#pingedAt = Date.now();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  heard(): void {
    this.#heardAt = Date.now();
  }

  expectFrames(expected: boolean): void {
    this.#expecting = expected;
  }

  /** Asks at once whether anybody is there. */
  probe(): void {
    if (this.#timer !== undefined) {
      this.#ping();
    }
  }

  #ping(): void {
    this.#pingedAt = Date.now();
    this.#events.ping();
  }

  #tick(): void {
    const now = Date.now();
    const limit = this.#expecting ? SILENT_WHILE_ANSWERING_MS : this.#pingEveryMs * SILENT_WHILE_IDLE_FACTOR;
    const unanswered = this.#pingedAt > this.#heardAt && now - this.#pingedAt >= PONG_MS;
    if (unanswered && now - this.#heardAt >= limit) {
      this.#events.broken();
    } else if (now - this.#pingedAt >= this.#pingEveryMs) {
      this.#ping();
    }
  }
}
