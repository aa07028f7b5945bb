import { ageRefusal, type Entry } from '@tailrace/schema';
import { buildEntry } from './build-entry.js';
import type { DeliveryCounts } from './delivery-counts.js';
import type { EntryQueue } from './entry-queue.js';
import type { LogRecord } from './log-record.js';
import type { ResolvedOptions } from './logger-options.js';
import type { Batch, RedisWriter } from './redis-writer.js';

/** Takes records from the queue when a batch is due, and sees each batch through, one after the other. */
export class Batcher {
  readonly #queue: EntryQueue;
  readonly #writer: RedisWriter;
  readonly #counts: DeliveryCounts;
  readonly #options: ResolvedOptions;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;
  #next: Batch | undefined;
  /** Counts of records in the order of the queue: taken out, settled, and due without waiting for the interval. */
  #taken = 0;
  #settled = 0;
  #dueUpTo = 0;
  #waiters: { readonly upTo: number; readonly resolve: () => void }[] = [];
  #wake: (() => void) | undefined;
  #stopped = false;

  constructor(
    queue: EntryQueue,
    writer: RedisWriter,
    counts: DeliveryCounts,
    options: ResolvedOptions,
    now: () => number,
  ) {
    this.#queue = queue;
    this.#writer = writer;
    this.#counts = counts;
    this.#options = options;
    this.#now = now;
  }

  /** Called after each record put into the queue. */
  added(): void {
    if (this.#isRunning) return;
    if (this.#queue.size >= this.#options.maxBatchEntries) this.#start();
    else this.#arm();
  }

  /** Resolves when all that was accepted until now is settled: written, or dropped and counted. */
  flush(): Promise<void> {
    const upTo = this.#queue.pushed;
    if (this.#settled >= upTo) return Promise.resolve();
    this.#dueUpTo = upTo;
    const done = new Promise<void>((resolve) => this.#waiters.push({ upTo, resolve }));
    this.#wake?.();
    this.#start();
    return done;
  }

  /** Ends sending; what waits stays where it is and is counted as pending. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#wake?.();
  }

  #arm(): void {
    if (this.#timer !== undefined || this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#dueUpTo = this.#queue.pushed;
      this.#start();
    }, this.#options.flushIntervalMs);
    this.#timer.unref();
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#isRunning || this.#stopped) return;
    this.#isRunning = true;
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const batch = this.#next ?? this.#nextBatch();
      this.#next = undefined;
      if (batch === undefined) break;
      await this.#deliver(batch);
    }
    this.#isRunning = false;
    if (this.#queue.size > 0) this.#arm();
  }

  /** While Redis works on this batch, the next one is encoded. */
  async #deliver(batch: Batch): Promise<void> {
    while (!this.#stopped) {
      try {
        const { applied } = await this.#writer.send(batch);
        this.#next ??= this.#nextBatch();
        await applied;
        this.#counts.written += batch.entryCount;
        this.#settle(batch.entryCount);
        return;
      } catch {
        // The writer has said why; the batch is kept.
        this.#counts.retries++;
        await this.#pause(this.#writer.nextRetryMs());
      }
    }
  }

  #nextBatch(): Batch | undefined {
    const { maxBatchEntries } = this.#options;
    const isDue = this.#taken < this.#dueUpTo;
    if (this.#queue.size === 0 || (!isDue && this.#queue.size < maxBatchEntries)) return undefined;
    const records = this.#queue.take(maxBatchEntries);
    this.#taken += records.length;
    const entries: Entry[] = [];
    const now = this.#now();
    for (const record of records) {
      const entry = this.#build(record, now);
      if (entry !== undefined) entries.push(entry);
    }
    this.#settle(records.length - entries.length);
    return this.#prepare(entries) ?? this.#nextBatch();
  }

  /** What cannot be encoded, which would be a mistake of ours, must not end the application: it is counted. */
  #prepare(entries: readonly Entry[]): Batch | undefined {
    if (entries.length === 0) return undefined;
    try {
      return this.#writer.prepare(entries);
    } catch {
      this.#counts.drop('unreadable', entries.length);
      this.#settle(entries.length);
      return undefined;
    }
  }

  /** @returns `undefined` when the entry is dropped and counted; one that cannot be built must not stop the others. */
  #build(record: LogRecord, now: number): Entry | undefined {
    try {
      const entry = buildEntry(record);
      const refusal = ageRefusal(entry, this.#options.retentionDays, now);
      if (refusal === undefined) return entry;
      this.#counts.drop(refusal.code, 1);
    } catch {
      this.#counts.drop('unreadable', 1);
    }
    return undefined;
  }

  #settle(count: number): void {
    this.#settled += count;
    const isDone = ({ upTo }: { upTo: number }) => upTo <= this.#settled;
    const done = this.#waiters.filter(isDone);
    this.#waiters = this.#waiters.filter((waiter) => !isDone(waiter));
    for (const { resolve } of done) resolve();
  }

  #pause(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      timer.unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
