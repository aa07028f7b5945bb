import type { LogRecord } from './log-record.js';

/** How much a queue holds. */
export interface QueueBounds {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** Records in the order of their calls, bounded by number and by bytes. */
export class EntryQueue {
  readonly #bounds: QueueBounds;
  #records: (LogRecord | undefined)[] = [];
  #head = 0;
  #bytes = 0;
  #pushed = 0;

  constructor(bounds: QueueBounds) {
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#records.length - this.#head;
  }

  /** Records ever put in; the order in which they come out too. */
  get pushed(): number {
    return this.#pushed;
  }

  /** About how many bytes the waiting records hold. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @returns `false` when the queue is full: the record is not in it. */
  push(record: LogRecord): boolean {
    if (this.size >= this.#bounds.maxEntries || this.#bytes + record.bytes > this.#bounds.maxBytes)
      return false;
    this.#records.push(record);
    this.#bytes += record.bytes;
    this.#pushed++;
    return true;
  }

  /** Takes up to `count` of the oldest records out. */
  take(count: number): LogRecord[] {
    const end = Math.min(this.#head + count, this.#records.length);
    const taken: LogRecord[] = [];
    for (let i = this.#head; i < end; i++) {
      const record = this.#records[i] as LogRecord;
      this.#records[i] = undefined;
      this.#bytes -= record.bytes;
      taken.push(record);
    }
    this.#head = end;
    this.#compact();
    return taken;
  }

  /** Moving the rest to the front each time would cost a copy a batch; once half is empty it costs one in all. */
  #compact(): void {
    if (this.#head === this.#records.length) {
      this.#records = [];
      this.#head = 0;
    } else if (this.#head > 4096 && this.#head * 2 > this.#records.length) {
      this.#records = this.#records.slice(this.#head);
      this.#head = 0;
    }
  }
}
