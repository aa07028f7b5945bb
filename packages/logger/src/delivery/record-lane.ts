import type { LogRecord } from '../call/log-record.js';

/** Records of one level with their numbers, taken from both ends. */
export class RecordLane {
  #records: (LogRecord | undefined)[] = [];
  #numbers: number[] = [];
  #head = 0;
  #bytes = 0;

  get size(): number {
    return this.#records.length - this.#head;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Number of the oldest record; `Infinity` when there is none. */
  get oldest(): number {
    return this.#numbers[this.#head] ?? Number.POSITIVE_INFINITY;
  }

  push(record: LogRecord, number: number): void {
    this.#records.push(record);
    this.#numbers.push(number);
    this.#bytes += record.bytes;
  }

  /** Takes the oldest out; there must be one. */
  shift(): LogRecord {
    const record = this.#records[this.#head] as LogRecord;
    this.#records[this.#head] = undefined;
    this.#head++;
    this.#bytes -= record.bytes;
    this.#compact();
    return record;
  }

  /** Takes the newest out; there must be one. */
  pop(): LogRecord {
    const record = this.#records.pop() as LogRecord;
    this.#numbers.pop();
    this.#bytes -= record.bytes;
    this.#compact();
    return record;
  }

  /** Moving the rest to the front each time would cost a copy a batch; once half is empty it costs one in all. */
  #compact(): void {
    if (this.#head === this.#records.length) {
      this.#records = [];
      this.#numbers = [];
      this.#head = 0;
    } else if (this.#head > 4096 && this.#head * 2 > this.#records.length) {
      this.#records = this.#records.slice(this.#head);
      this.#numbers = this.#numbers.slice(this.#head);
      this.#head = 0;
    }
  }
}
