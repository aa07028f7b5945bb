import { isLasting, MAX_REFUSALS } from '@tailrace/redis/without-client';
import type { Level } from '@tailrace/schema';
import { type Batch, type BatchWriter, chunkEntries, openChunks, storedAccount } from '@tailrace/writer';
import type { LoggerError } from '../logger-options.js';
import type { Spool } from '../spool/spool.js';
import type { SpooledChunk } from '../spool/spooled-chunk.js';
import type { BatchSource } from './batch-source.js';
import type { DeliveryCounts, Outcome } from './delivery-counts.js';
import type { Pauses } from './pauses.js';
import type { Progress } from './progress.js';
import type { RecordQueue } from './record-queue.js';
import { lostMessage } from './spool-place.js';

/** How long to wait before the files are tried again that could not be written. */
const RETRY_MS = 1_000;

/** What {@link Spooling} works with. */
export interface SpoolingParts {
  readonly spool: Spool;
  readonly queue: RecordQueue;
  readonly source: BatchSource;
  readonly writer: BatchWriter;
  readonly counts: DeliveryCounts;
  readonly pauses: Pauses;
  readonly flushIntervalMs: number;
  readonly progress: Progress;
  readonly report: (error: LoggerError) => void;
}

/** How the entries of a chunk have ended; `undefined`: they have not when delivery was stopped, or are another's by now. */
type ChunkOutcome = readonly { readonly count: number; readonly outcome: Outcome }[] | undefined;

/**
 * Delivery by way of the spool, while Redis is away or slow: batches that are due go into files, and from the oldest file
 * to Redis as soon as it answers. It ends when all that was spooled is written; from then on batches go directly again.
 */
export class Spooling {
  readonly #parts: SpoolingParts;
  #isActive = false;
  /** Being written to a file, or refused by it: not in the spool yet as far as anybody knows. */
  #held: Batch | undefined;
  #appending: Promise<boolean> | undefined;
  #isDeliveringHeld = false;
  #failures = 0;
  /** Entries lost in the files that are counted already. */
  #lostEntries = 0;

  constructor(parts: SpoolingParts) {
    this.#parts = parts;
  }

  get isActive(): boolean {
    return this.#isActive;
  }

  /** Attempts to write from the files that have failed. */
  get failures(): number {
    return this.#failures;
  }

  /** The batch that is neither in a file nor in Redis, if there is one. */
  get held(): Batch | undefined {
    return this.#held;
  }

  /** Gives up the batch that is held: whatever is heard of it from now on counts for nothing. */
  takeHeld(): Batch | undefined {
    const held = this.#held;
    this.#held = undefined;
    return held;
  }

  /** Resolves when no batch is being written into files. */
  async appended(): Promise<void> {
    await this.#appending;
  }

  /** Takes over numbered batches, in their order. @returns `false` when the files cannot take them: they stay the caller's. */
  async begin(batches: readonly Batch[]): Promise<boolean> {
    const { spool, writer, counts } = this.#parts;
    if (!(await spool.append(batches.flatMap((batch) => this.#spooledChunks(batch))))) {
      this.#reportFailure();
      return false;
    }
    counts.recordStored();
    // What was encoded may never arrive.
    writer.forgetSent();
    this.#isActive = true;
    return true;
  }

  /** Resolves when the spool is empty again, or at `stop`. */
  async run(): Promise<void> {
    const spilling = this.#spill();
    await this.#replay();
    this.#parts.pauses.wake();
    await spilling;
  }

  /** Puts what is due into files. */
  async #spill(): Promise<void> {
    const { queue, source, pauses, flushIntervalMs } = this.#parts;
    while (this.#isActive && !pauses.isStopped) {
      // Notices of drops are for readers, who see nothing now, and must not be dropped themselves.
      this.#held ??= source.next({ notices: false });
      const { threatened } = queue;
      if (this.#held === undefined || this.#isDeliveringHeld) {
        await pauses.pause(flushIntervalMs);
      } else if (!(await this.#appendHeld(this.#held, threatened))) {
        await pauses.pause(RETRY_MS, () => queue.threatened !== threatened);
      } else if (!source.hasFullBatch) {
        await pauses.pause(flushIntervalMs);
      }
    }
  }

  /** @param threatened the lowest level in the queue that is about to be lost */
  async #appendHeld(batch: Batch, threatened: Level | undefined): Promise<boolean> {
    this.#appending = this.#append(batch, threatened);
    const isStored = await this.#appending;
    this.#appending = undefined;
    return isStored;
  }

  async #append(batch: Batch, threatened: Level | undefined): Promise<boolean> {
    const isStored = await this.#parts.spool.append(this.#spooledChunks(batch), threatened);
    if (isStored) {
      this.#held = undefined;
      this.#parts.counts.recordStored();
    } else {
      this.#reportFailure();
    }
    this.#parts.progress.made();
    return isStored;
  }

  /** Writes what is in the files, oldest first. */
  async #replay(): Promise<void> {
    const { pauses } = this.#parts;
    while (!pauses.isStopped) {
      const chunk = await this.#peek();
      if (chunk !== undefined) {
        await this.#deliverOldest(chunk);
      } else if (this.#appending !== undefined) {
        await this.#appending;
      } else if (this.#held !== undefined) {
        await this.#deliverHeld(this.#held);
      } else {
        // In the same turn as the look at what there is, or a batch could still go into a file.
        this.#isActive = false;
      }
      this.#parts.progress.made();
      if (!this.#isActive) return;
    }
  }

  async #deliverOldest(chunk: SpooledChunk): Promise<void> {
    const { writer } = this.#parts;
    const { id } = writer;
    const outcome = await this.#deliver(chunk, () => writer.id === id);
    if (outcome === undefined) return;
    // Before it is counted as anything else it is out of the spool.
    await this.#parts.spool.removeOldest();
    this.#countLost();
    this.#settle(outcome);
  }

  async #peek(): Promise<SpooledChunk | undefined> {
    const { spool, pauses, report } = this.#parts;
    try {
      const chunk = await spool.peek();
      this.#countLost();
      return chunk;
    } catch (cause) {
      report({ code: 'spool_failed', message: 'the spool cannot be read, it is tried again', cause });
      await pauses.pause(RETRY_MS);
      return pauses.isStopped ? undefined : this.#peek();
    }
  }

  #countLost(): void {
    const { spool, counts, report } = this.#parts;
    const lost = spool.lostEntries - this.#lostEntries;
    this.#lostEntries = spool.lostEntries;
    counts.drop('spool_damaged', lost);
    if (lost > 0)
      report({ code: 'entries_lost', message: lostMessage(lost, 'the spool', spool.takeFault()) });
  }

  /** The files do not take it, and there is nothing in them that must go first. What is settled is held no longer. */
  async #deliverHeld(batch: Batch): Promise<void> {
    this.#isDeliveringHeld = true;
    let chunks = openChunks(batch);
    for (const chunk of this.#spooledChunks(batch)) {
      const outcome = await this.#deliver(chunk, () => this.#held !== undefined);
      if (outcome === undefined) break;
      chunks = chunks.slice(1);
      this.#held = chunks.length === 0 ? undefined : { ...batch, chunks };
      this.#settle(outcome);
    }
    this.#isDeliveringHeld = false;
  }

  /** @param isOurs whether nobody has taken the chunk meanwhile, who sees to it then */
  async #deliver(
    { number, entries, counts: stored }: SpooledChunk,
    isOurs: () => boolean,
  ): Promise<ChunkOutcome> {
    const { writer, counts, pauses } = this.#parts;
    for (let refusals = 0; !pauses.isStopped && isOurs(); ) {
      try {
        const { applied, refused } = await writer.sendSpooled(
          writer.id,
          { number, entries },
          storedAccount(stored),
        );
        if (!isOurs()) return undefined;
        return [
          { count: applied, outcome: 'written' },
          ...refused.map(({ reason }) => ({ count: 1, outcome: reason })),
        ];
      } catch (error) {
        counts.retries++;
        this.#failures++;
        this.#parts.progress.made();
        if (isLasting(error) && ++refusals >= MAX_REFUSALS)
          return [{ count: entries.length, outcome: 'rejected' }];
        await pauses.pause(writer.nextRetryMs());
      }
    }
    return undefined;
  }

  #settle(outcomes: NonNullable<ChunkOutcome>): void {
    for (const { count, outcome } of outcomes) this.#parts.counts.settle(count, outcome);
  }

  #spooledChunks(batch: Batch): SpooledChunk[] {
    const { counts } = this.#parts;
    return openChunks(batch).map((chunk) => ({
      number: chunk.number,
      entries: chunkEntries(chunk),
      // Of the writer that it is stored for in the end.
      get counts() {
        return counts.record();
      },
    }));
  }

  #reportFailure(): void {
    const { spool, report } = this.#parts;
    const cause = spool.failure;
    const reason = cause instanceof Error ? cause.message : String(cause);
    report({
      code: 'spool_failed',
      message: `entries wait in memory, the spool takes none: ${reason}`,
      cause,
    });
  }
}
