/** Wrong passwords a client may give in one window. */
const MAX_FAILURES = 5;
const WINDOW_MS = 20_000;
const MAX_CLIENTS = 10_000;

/** Counts wrong passwords by client, in windows of 20 s, and says who has to wait. */
export class SignInLimit {
  readonly #now: () => number;
  readonly #failures = new Map<string, { count: number; readonly until: number }>();

  /** @param now milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @returns seconds this client has to wait, 0 for none. */
  waitSeconds(client: string): number {
    const failures = this.#failures.get(client);
    if (failures === undefined || failures.count < MAX_FAILURES) return 0;
    const left = failures.until - this.#now();
    if (left > 0) return Math.ceil(left / 1000);
    this.#failures.delete(client);
    return 0;
  }

  failed(client: string): void {
    const failures = this.#failures.get(client);
    if (failures !== undefined && failures.until > this.#now()) {
      failures.count++;
      return;
    }
    if (this.#failures.size >= MAX_CLIENTS) this.#failures.clear();
    this.#failures.set(client, { count: 1, until: this.#now() + WINDOW_MS });
  }
}
