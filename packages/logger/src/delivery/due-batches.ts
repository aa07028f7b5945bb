import type { Batch } from '@tailrace/writer';
import { clearTimeout, setTimeout } from '../real-timers.js';
import type { BatchSource } from './batch-source.js';
import type { DeliveryCounts } from './delivery-counts.js';
import type { RecordQueue } from './record-queue.js';

/** What building, encoding and sending a batch may take, so that it has left when the interval is over. */
const LEAD_MS = 10;

/** What {@link DueBatches} works with. */
export interface DueBatchesParts {
  readonly queue: RecordQueue;
  readonly source: BatchSource;
  readonly counts: DeliveryCounts;
  readonly flushIntervalMs: number;
  /** Told when a batch is due. */
  readonly onDue: () => void;
}

/** Says when a batch is due, and makes it. */
export class DueBatches {
  readonly #parts: DueBatchesParts;
  #timer: NodeJS.Timeout | undefined;
  /** Number of the last record that is due without waiting for the interval. */
  #dueUpTo = 0;
  #isStopped = false;

  constructor(parts: DueBatchesParts) {
    this.#parts = parts;
  }

  /** Called after each record put into the queue. */
  added(): void {
    if (this.#parts.source.hasFullBatch) this.#parts.onDue();
    else this.arm();
  }

  /** All that waits is due. @returns the number of the last record of it. */
  hurry(): number {
    this.#dueUpTo = this.#parts.queue.pushed;
    return this.#dueUpTo;
  }

  /** The next batch, `undefined` when none is due. */
  next(): Batch | undefined {
    const { queue, source, counts } = this.#parts;
    const isDue = queue.oldest <= this.#dueUpTo || source.hasFullBatch || counts.hasUntold;
    if (!isDue) return undefined;
    const batch = source.next({ notices: true });
    if (queue.size === 0) this.#disarm();
    return batch;
  }

  /** Sees to it that what waits is due in time, from the first record that waits on, whatever is on its way meanwhile. */
  arm(): void {
    if (this.#timer !== undefined || this.#isStopped) return;
    const delayMs = Math.max(1, this.#parts.flushIntervalMs - LEAD_MS);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.hurry();
      this.#parts.onDue();
    }, delayMs);
    this.#timer.unref();
  }

  /** Nothing becomes due by time any more. */
  stop(): void {
    this.#isStopped = true;
    this.#disarm();
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
