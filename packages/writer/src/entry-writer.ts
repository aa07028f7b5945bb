import { setImmediate } from 'node:timers/promises';
import { type DropCounts, type Entry, type EntryInput, Keyspace } from '@tailrace/schema';
import { type Batch, entryCount, openChunks, type Refusal } from './batch/batch.js';
import { EntryOrder, IMPORTED_TIMESTAMPS } from './batch/entry-order.js';
import { RedisWriter } from './batch/redis-writer.js';
import { writerAccount } from './batch/writer-account.js';
import { entryOf } from './entry-of-input.js';
import { RateLimitedReports } from './rate-limited-reports.js';
import { Redactor } from './redaction/redactor.js';
import { resolveWriterOptions, type WriterOptions } from './writer-options.js';

/** What became of one entry: the id it is stored as, or why it is not. */
export type WriteResult =
  | { readonly id: string; readonly isStoredBefore?: true }
  | { readonly refused: WriteRefusal };

/** How entries are written. */
export interface WriteOptions {
  /**
   * For each entry an id that its sender gave it: what was stored under it, by any writer, is not stored again, as long as
   * the entry is kept. @default the entries have none
   */
  readonly ownIds?: readonly string[];
}

/** Why an entry is not stored: it is too old or too far ahead by the server's clock, or Redis refuses it. */
export interface WriteRefusal {
  readonly code: Refusal['reason'];
  readonly message: string;
}

/** Writes entries for a caller who waits until they are stored, as an ingest endpoint does. */
export interface EntryWriter {
  /**
   * Resolves when every entry is stored or refused, in the order given.
   *
   * @throws when Redis cannot take them now. A part may be stored; it is not written twice by this writer.
   */
  write(entries: readonly EntryInput[], options?: WriteOptions): Promise<readonly WriteResult[]>;
  close(): Promise<void>;
}

/** @throws RangeError when an option is wrong: it names the option, its value and what is allowed. */
export function createEntryWriter(options: WriterOptions, now: () => number = Date.now): EntryWriter {
  return new DirectEntryWriter(options, now);
}

const ATTEMPTS = 3;
/** How long entries are built at a stretch, in milliseconds. */
const SLICE_MS = 10;

class DirectEntryWriter implements EntryWriter {
  readonly #options;
  readonly #keyspace: Keyspace;
  readonly #redactor: Redactor;
  readonly #now: () => number;
  readonly #writer: RedisWriter;
  #accepted = 0;
  readonly #dropped: DropCounts = {};
  /** Settle when what was given last is built, and when it is written. */
  #lastBuilt: Promise<unknown> = Promise.resolve();
  #lastWritten: Promise<unknown> = Promise.resolve();

  constructor(options: WriterOptions, now: () => number) {
    this.#options = resolveWriterOptions(options);
    this.#keyspace = new Keyspace({ prefix: this.#options.keyPrefix });
    this.#redactor = new Redactor(this.#options.redact);
    this.#now = now;
    const reports = new RateLimitedReports(this.#options.onError, now);
    this.#writer = new RedisWriter({
      options: this.#options,
      now,
      report: (error) => reports.report(error),
      order: new EntryOrder(IMPORTED_TIMESTAMPS),
    });
  }

  write(inputs: readonly EntryInput[], { ownIds }: WriteOptions = {}): Promise<readonly WriteResult[]> {
    const built = this.#lastBuilt.then(() => this.#build(inputs, this.#now()));
    this.#lastBuilt = built.then(
      () => undefined,
      () => undefined,
    );
    // One batch after the other: the numbers that keep a batch from being applied twice are in this order. The next one
    // is built while Redis works.
    const written = this.#lastWritten.then(async () => this.#write(await built, ownIds));
    this.#lastWritten = written.then(
      () => undefined,
      () => undefined,
    );
    return written;
  }

  async close(): Promise<void> {
    await this.#lastWritten;
    this.#writer.close();
  }

  async #write(
    entries: readonly Entry[],
    ownIds: readonly string[] | undefined,
  ): Promise<readonly WriteResult[]> {
    if (entries.length === 0) return [];
    const ownIdKeys = ownIds?.map((id) => this.#keyspace.ownId(id));
    const batch = this.#writer.number(entries, 0, ownIdKeys);
    const ids = entries.map(({ id }) => id);
    await this.#deliver(batch);
    const refusals = new Map(batch.refused.map(({ id, reason: code, message }) => [id, { code, message }]));
    return ids.map((id) => {
      const storedAs = batch.storedBefore?.get(id);
      if (storedAs !== undefined) return { id: storedAs, isStoredBefore: true };
      const refused = refusals.get(id);
      return refused === undefined ? { id } : { refused };
    });
  }

  /** What waits for the same process has its turn in between. */
  async #build(inputs: readonly EntryInput[], now: number): Promise<Entry[]> {
    const entries: Entry[] = [];
    let began = performance.now();
    for (const input of inputs) {
      entries.push(entryOf(input, now, this.#redactor));
      if (performance.now() - began < SLICE_MS) continue;
      await setImmediate();
      began = performance.now();
    }
    return entries;
  }

  async #deliver(batch: Batch): Promise<void> {
    this.#accepted += entryCount(batch.chunks);
    const account = writerAccount(this.#accepted, this.#dropped);
    for (let attempt = 1; ; attempt++) {
      try {
        const { applied } = await this.#writer.send(batch, account);
        await applied;
        for (const { reason } of batch.refused) this.#dropped[reason] = (this.#dropped[reason] ?? 0) + 1;
        this.#accepted -= batch.storedBefore?.size ?? 0;
        return;
      } catch (error) {
        if (attempt >= ATTEMPTS) {
          this.#writer.forgetSent();
          this.#accepted -=
            entryCount(openChunks(batch)) + batch.refused.length + (batch.storedBefore?.size ?? 0);
          throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, this.#writer.nextRetryMs()));
      }
    }
  }
}
