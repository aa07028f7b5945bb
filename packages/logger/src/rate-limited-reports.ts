import type { LoggerError } from './logger-options.js';

const INTERVAL_MS = 1_000;

/** Passes the logger's own trouble on, at most once a second for each code, and survives a handler that throws. */
export class RateLimitedReports {
  readonly #onError: (error: LoggerError) => void;
  readonly #now: () => number;
  readonly #lastAt = new Map<LoggerError['code'], number>();

  constructor(onError: (error: LoggerError) => void, now: () => number) {
    this.#onError = onError;
    this.#now = now;
  }

  report(error: LoggerError): void {
    const now = this.#now();
    const last = this.#lastAt.get(error.code);
    if (last !== undefined && now >= last && now - last < INTERVAL_MS) return;
    this.#lastAt.set(error.code, now);
    try {
      this.#onError(error);
    } catch {
      // The handler's trouble is not the application's, and there is nobody left to tell.
    }
  }
}
