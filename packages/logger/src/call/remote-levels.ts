import { decodeLevelTable } from '@tailrace/schema';
import type { LoggerError } from '../logger-options.js';
import type { LoggerLevels } from './component-levels.js';

/** @see RemoteLevels */
export interface RemoteLevelsOptions {
  /** Replies the hash of the levels, or nothing when they cannot be asked for now. */
  readonly read: () => Promise<Readonly<Record<string, string>> | undefined>;
  /** @throws RangeError when the table is wrong. */
  readonly apply: (table: Partial<LoggerLevels>) => void;
  readonly report: (error: LoggerError) => void;
}

const POLL_INTERVAL_MS = 1_000;

/**
 * Levels that somebody set for all running writers: looked for every second, and laid over the own ones when they have
 * changed. What cannot be read or is wrong changes nothing. It keeps no process alive.
 */
export class RemoteLevels {
  readonly #options: RemoteLevelsOptions;
  readonly #timer: NodeJS.Timeout;
  #last = '{}';
  #isAsking = false;

  constructor(options: RemoteLevelsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#poll(), POLL_INTERVAL_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #poll(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    // Without an answer (no connection any more, no right to read the key) all stays as it is.
    const hash = await this.#options.read().catch(() => undefined);
    this.#isAsking = false;
    if (hash !== undefined) this.#take(hash);
  }

  #take(hash: Readonly<Record<string, string>>): void {
    const text = JSON.stringify(hash);
    if (text === this.#last) return;
    this.#last = text;
    try {
      const { default: level, components } = decodeLevelTable(hash);
      this.#options.apply({ ...(level !== undefined && { level }), levels: components });
    } catch (cause) {
      const message = 'the levels set for all writers are not understood, those before stay in force';
      this.#options.report({ code: 'levels_refused', message, cause });
    }
  }
}
