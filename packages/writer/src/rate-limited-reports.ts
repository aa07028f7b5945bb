/** Trouble that is reported under a stable code. */
interface Trouble {
  readonly code: string;
}

const FIRST_INTERVAL_MS = 1_000;
const MAX_INTERVAL_MS = 60_000;

/**
 * Passes the logger's own trouble on and survives a handler that throws. The same code is told again after one second,
 * then two, four, up to a minute; after two quiet minutes it starts anew.
 */
export class RateLimitedReports<Reported extends Trouble> {
  readonly #onError: (error: Reported) => void;
  readonly #now: () => number;
  readonly #told = new Map<string, { at: number; intervalMs: number }>();

  constructor(onError: (error: Reported) => void, now: () => number) {
    this.#onError = onError;
    this.#now = now;
  }

  report(error: Reported): void {
    const now = this.#now();
    const last = this.#told.get(error.code);
    const quietMs = last === undefined ? Number.POSITIVE_INFINITY : Math.abs(now - last.at);
    if (last !== undefined && quietMs < last.intervalMs) return;
    const isRepeated = last !== undefined && quietMs < 2 * MAX_INTERVAL_MS;
    const intervalMs = isRepeated ? Math.min(last.intervalMs * 2, MAX_INTERVAL_MS) : FIRST_INTERVAL_MS;
    this.#told.set(error.code, { at: now, intervalMs });
    try {
      this.#onError(error);
    } catch {
      // The handler's trouble is not the application's, and there is nobody left to tell.
    }
  }
}
