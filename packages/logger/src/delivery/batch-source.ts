import type { Entry } from '@tailrace/schema';
import { type Batch, type BatchWriter, buildEntry, type LogRecord, type Redactor } from '@tailrace/writer';
import type { ResolvedOptions } from '../logger-options.js';
import type { DeliveryCounts } from './delivery-counts.js';
import { dropNotice } from './drop-notice.js';
import type { RecordQueue } from './record-queue.js';

/** Bytes of records after which a batch is closed, whatever their number. */
const MAX_BATCH_BYTES = 4 << 20;

/** What a {@link BatchSource} works with. */
export interface BatchSourceParts {
  readonly queue: RecordQueue;
  readonly writer: BatchWriter;
  readonly counts: DeliveryCounts;
  readonly options: Pick<ResolvedOptions, 'maxBatchEntries'>;
  readonly redactor: Redactor;
  /** Where entries go as well. */
  readonly outputs: readonly EntryOutput[];
}

/** Takes entries as their batch is made, and does not wait: the console, a file. */
export interface EntryOutput {
  write(entry: Entry): void;
  /** Writes what waits, for a process that ends. */
  flushSync(): void;
  close(): void;
}

/** Makes numbered batches of the records that wait, oldest first. */
export class BatchSource {
  readonly #parts: BatchSourceParts;

  constructor(parts: BatchSourceParts) {
    this.#parts = parts;
  }

  /** Whether as much waits as a batch may have. */
  get hasFullBatch(): boolean {
    const { queue, options } = this.#parts;
    return queue.size >= options.maxBatchEntries || queue.bytes >= MAX_BATCH_BYTES;
  }

  /**
   * Drops and counts what cannot be built.
   *
   * @param notices whether drops are told of in the batch, which may be all that is in it
   * @returns the next batch, `undefined` when there is nothing for one.
   */
  next({ notices }: { readonly notices: boolean }): Batch | undefined {
    const { queue, writer, counts, options } = this.#parts;
    while (queue.size > 0 || (notices && counts.hasUntold)) {
      const firstRecord = Math.min(queue.oldest, queue.pushed);
      const records = queue.take(options.maxBatchEntries, MAX_BATCH_BYTES);
      const entries = this.#entries(records, notices);
      if (entries.length > 0) return writer.number(entries, firstRecord);
    }
    return undefined;
  }

  #entries(records: readonly LogRecord[], notices: boolean): Entry[] {
    const { counts, outputs, writer } = this.#parts;
    const entries: Entry[] = [];
    for (const record of records) {
      const entry = this.#build(record);
      if (entry !== undefined) entries.push(entry);
    }
    for (const untold of notices ? counts.takeUntold() : []) {
      // By the server's clock: a notice that is refused as well would be told of in turn.
      entries.push(dropNotice(untold, writer.serverNow()));
      counts.accepted++;
    }
    for (const output of outputs) for (const entry of entries) output.write(entry);
    return entries;
  }

  /** One that cannot be built must not stop the others. */
  #build(record: LogRecord): Entry | undefined {
    const { redactor, counts } = this.#parts;
    try {
      return buildEntry(record, redactor);
    } catch {
      counts.drop('unreadable', 1);
      return undefined;
    }
  }
}
