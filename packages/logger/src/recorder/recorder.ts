import type { Entry } from '@tailrace/schema';
import { Redactor } from '@tailrace/writer';
import { prettyLine } from '../console/pretty-line.js';
import type { LoggerStats } from '../delivery/delivery-counts.js';
import { addStandIn, removeStandIn } from '../log-functions.js';
import { Logger } from '../logger.js';
import { type LoggerOptions, resolveOptions } from '../logger-options.js';
import { type EntryMatch, matchesEntry } from './entry-match.js';
import { Recording } from './recording.js';

/** What a recorder takes of a logger's options; they mean the same. */
export interface RecorderOptions
  extends Pick<LoggerOptions, 'levels' | 'sampling' | 'foldRepeats' | 'redact' | 'retentionDays'> {
  /** Lowest level that is recorded. @default 'TRACE' */
  readonly level?: LoggerOptions['level'];
  /** The clock of entries and of age checks, epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** What was logged since the recorder was made or cleared. */
export interface Recorder {
  /** Oldest call first, as they would be stored: typed, bounded, without secrets. A request that waits for its response is not yet among them. */
  readonly entries: readonly Entry[];
  /** The first entry that fits. */
  find(match: EntryMatch): Entry | undefined;
  /** All entries that fit, oldest first. */
  filter(match: EntryMatch): Entry[];
  /**
   * Resolves with the first entry that fits, also one recorded before; rejects after `timeoutMs` (default 1000) with an
   * error that lists what was recorded, or when the recorder is stopped.
   */
  waitFor(match: EntryMatch, options?: { readonly timeoutMs?: number }): Promise<Entry>;
  /** Forgets the entries; counts stay. */
  clear(): void;
  stats(): LoggerStats;
  /** @throws Error when an entry was refused for its age, could not be read, or was logged after `close()`. */
  assertNothingDropped(): void;
  /** Records requests that still wait for their response, and lets log calls go where they went before. Idempotent. */
  stop(): void;
  [Symbol.dispose](): void;
}

/**
 * Records what all `log_*` functions log, in memory, until it is stopped; nothing goes to Redis. Meanwhile
 * `configureLogger` only checks its options. Of several recorders the one made last records.
 *
 * @throws RangeError when an option is wrong.
 */
export function createRecorder(options: RecorderOptions = {}): Recorder {
  return new MemoryRecorder(options);
}

const DEFAULT_TIMEOUT_MS = 1_000;
/** Entries an error lists. */
const MAX_LISTED = 20;

interface Waiter {
  readonly match: EntryMatch;
  readonly resolve: (entry: Entry) => void;
  readonly reject: (error: unknown) => void;
}

class MemoryRecorder implements Recorder {
  readonly #logger: Logger;
  readonly #waiters = new Set<Waiter>();
  #entries: Entry[] = [];
  #isStopped = false;

  constructor({ now = Date.now, level = 'TRACE', ...given }: RecorderOptions) {
    const options: LoggerOptions = { ...given, level, redis: 'redis://recorder', spoolDir: false };
    const { redact, retentionDays } = resolveOptions(options);
    const onEntry = (entry: Entry) => this.#record(entry);
    const recording = new Recording({ redactor: new Redactor(redact), retentionDays, now, onEntry });
    this.#logger = new Logger(options, now, recording);
    addStandIn(this.#logger);
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  find(match: EntryMatch): Entry | undefined {
    return this.#entries.find((entry) => matchesEntry(entry, match));
  }

  filter(match: EntryMatch): Entry[] {
    return this.#entries.filter((entry) => matchesEntry(entry, match));
  }

  waitFor(
    match: EntryMatch,
    { timeoutMs = DEFAULT_TIMEOUT_MS }: { readonly timeoutMs?: number } = {},
  ): Promise<Entry> {
    const found = this.find(match);
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
      };
      const waiter: Waiter = {
        match,
        resolve: (entry) => {
          settle();
          resolve(entry);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      const timer = setTimeout(
        () => waiter.reject(this.#missing(match, `within ${timeoutMs} ms`)),
        timeoutMs,
      );
      this.#waiters.add(waiter);
      if (this.#isStopped) waiter.reject(this.#missing(match, 'before the recorder was stopped'));
    });
  }

  clear(): void {
    this.#entries = [];
  }

  stats(): LoggerStats {
    return this.#logger.stats();
  }

  assertNothingDropped(): void {
    const dropped = Object.entries(this.stats().dropped).map(([reason, count]) => `${count} ${reason}`);
    if (dropped.length > 0) throw new Error(`log entries were dropped: ${dropped.join(', ')}`);
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    removeStandIn(this.#logger);
    void this.#logger.close();
    for (const waiter of this.#waiters) {
      waiter.reject(this.#missing(waiter.match, 'before the recorder was stopped'));
    }
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #record(entry: Entry): void {
    this.#entries.push(entry);
    for (const waiter of this.#waiters) {
      try {
        if (matchesEntry(entry, waiter.match)) waiter.resolve(entry);
      } catch (error) {
        // A function of the test's own threw; the log call must not.
        waiter.reject(error);
      }
    }
  }

  #missing(match: EntryMatch, when: string): Error {
    const listed = this.#entries.slice(-MAX_LISTED).map((entry) => `\n  ${prettyLine(entry, false)}`);
    const count = this.#entries.length;
    const shown = count > listed.length ? `${count} entries, the last ${listed.length}` : `${count} entries`;
    return new Error(
      `no log entry fitted ${shownMatch(match)} ${when}; recorded: ${shown}${listed.join('')}`,
    );
  }
}

function shownMatch(match: EntryMatch): string {
  if (typeof match === 'function') return String(match);
  return JSON.stringify(match, (_, value) => (value instanceof RegExp ? String(value) : value));
}
