import type { Batch, BatchWriter } from '@tailrace/writer';
import { setImmediate } from '../real-timers.js';
import { BatchPipeline } from './batch-pipeline.js';
import type { BatchSource } from './batch-source.js';
import type { DeliveryCounts } from './delivery-counts.js';
import { DueBatches } from './due-batches.js';
import type { Pauses } from './pauses.js';
import type { Progress } from './progress.js';
import type { RecordQueue } from './record-queue.js';
import type { Spooling } from './spooling.js';

/** What a {@link Batcher} works with. */
export interface BatcherParts {
  readonly queue: RecordQueue;
  readonly source: BatchSource;
  readonly writer: BatchWriter;
  /** `undefined` without a spool: then batches wait in memory. */
  readonly spooling: Spooling | undefined;
  readonly counts: DeliveryCounts;
  readonly pauses: Pauses;
  readonly progress: Progress;
  readonly flushIntervalMs: number;
}

/** Takes records from the queue when a batch is due, and sees each batch through, in order. */
export class Batcher {
  readonly #parts: BatcherParts;
  readonly #due: DueBatches;
  readonly #pipeline: BatchPipeline;
  #isRunning = false;

  constructor(parts: BatcherParts) {
    this.#parts = parts;
    this.#due = new DueBatches({ ...parts, onDue: () => this.#batchIsDue() });
    this.#pipeline = new BatchPipeline({ ...parts, due: this.#due });
  }

  /** Called after each record put into the queue. */
  added(): void {
    this.#due.added();
  }

  /** Resolves when all that was accepted until now is written, in the spool, or dropped and counted. */
  flush(): Promise<void> {
    const upTo = this.#due.hurry();
    this.#start();
    return this.#parts.progress.until(() => this.#oldestOpen() > upTo);
  }

  /** Resolves when nothing is left, in the spool neither, or when Redis turns out to be away still. */
  drained(): Promise<void> {
    const { spooling, pauses, progress } = this.#parts;
    const failures = () => spooling?.failures ?? 0;
    const before = failures();
    pauses.wake();
    return progress.until(() => !this.#isRunning || failures() > before);
  }

  /** Ends sending; what waits stays where it is. */
  stop(): void {
    this.#due.stop();
    this.#parts.pauses.stop();
  }

  /** After {@link Batcher.stop}: resolves when nothing is being written into files any more. */
  async spilled(): Promise<void> {
    await this.#pipeline.spilled();
    await this.#parts.spooling?.appended();
  }

  /**
   * Gives up, for good, the batches that are neither known to be written nor known to be in the spool, in order, and what
   * waits in the queue.
   */
  *leftovers(): Generator<Batch> {
    yield* this.#pipeline.takeAll();
    const held = this.#parts.spooling?.takeHeld();
    if (held !== undefined) yield held;
    // Without a spool a notice would be lost with the rest.
    const notices = this.#parts.spooling !== undefined;
    for (;;) {
      const batch = this.#parts.source.next({ notices });
      if (batch === undefined) return;
      yield batch;
    }
  }

  #oldestOpen(): number {
    const oldest = this.#pipeline.batches[0] ?? this.#parts.spooling?.held;
    return oldest?.firstRecord ?? this.#parts.queue.oldest;
  }

  /** The first one starts us, the next one is sent behind it, and others wait. */
  #batchIsDue(): void {
    if (this.#isRunning) this.#pipeline.fill();
    else this.#start();
  }

  #start(): void {
    const { pauses } = this.#parts;
    pauses.wake();
    if (this.#isRunning || pauses.isStopped) return;
    this.#isRunning = true;
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    const { queue, spooling, counts, progress } = this.#parts;
    while (await this.#pipeline.deliverNext()) if (spooling?.isActive) await spooling.run();
    this.#isRunning = false;
    progress.made();
    if (queue.size > 0 || counts.owesNotices) this.#due.arm();
  }
}
