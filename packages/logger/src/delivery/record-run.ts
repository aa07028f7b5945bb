import type { LogRecord } from '@tailrace/writer';
import type { BlockMemory, KeptBytes } from './block-memory.js';
import { packRecords, unpackRecords } from './packed-records.js';

/** A run with so many records, or of so many bytes, gets no more. */
const RUN_RECORDS = 256;
const RUN_BYTES = 128 << 10;

/** Neighbours of one lane with their numbers: objects while they come and go, or one piece of memory while they wait long. */
export class RecordRun {
  readonly #memory: BlockMemory;
  #records: (LogRecord | undefined)[] = [];
  #numbers: number[] = [];
  #head = 0;
  #bytes = 0;
  /** What {@link pack} made of the records and their numbers, which are not there then. */
  #packed: { readonly content: KeptBytes; readonly oldest: number; readonly size: number } | undefined;

  constructor(memory: BlockMemory) {
    this.#memory = memory;
  }

  get size(): number {
    return this.#packed?.size ?? this.#records.length - this.#head;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isFull(): boolean {
    return this.#packed !== undefined || this.#records.length >= RUN_RECORDS || this.#bytes >= RUN_BYTES;
  }

  get isPacked(): boolean {
    return this.#packed !== undefined;
  }

  /** Number of the oldest record; there must be one. */
  get oldest(): number {
    return this.#packed?.oldest ?? (this.#numbers[this.#head] as number);
  }

  /** Puts a record behind the others of a run that is not full. */
  push(record: LogRecord, number: number): void {
    this.#records.push(record);
    this.#numbers.push(number);
    this.#bytes += record.bytes;
  }

  /** Takes the oldest out; there must be one. */
  shift(): LogRecord {
    this.#unpack();
    const record = this.#records[this.#head] as LogRecord;
    this.#records[this.#head++] = undefined;
    this.#bytes -= record.bytes;
    return record;
  }

  /** Takes the newest out; there must be one. */
  pop(): LogRecord {
    this.#unpack();
    const record = this.#records.pop() as LogRecord;
    this.#numbers.pop();
    this.#bytes -= record.bytes;
    return record;
  }

  /**
   * Puts the records into one piece of memory outside of V8's heap. As objects they would be moved into the old space, and
   * those given up later would stay there until V8 cleans it, which it does when the heap is several times as large.
   */
  pack(): void {
    const { size, oldest } = this;
    const records = this.#records.slice(this.#head) as LogRecord[];
    const content = packRecords(records, this.#numbers.slice(this.#head));
    if (content === undefined) return;
    this.#packed = { content: this.#memory.keep(content), oldest, size };
    this.#records = [];
    this.#numbers = [];
    this.#head = 0;
  }

  /** Gives up all records of a packed run. */
  discard(): void {
    if (this.#packed === undefined) return;
    this.#memory.free(this.#packed.content);
    this.#packed = undefined;
    this.#bytes = 0;
  }

  #unpack(): void {
    if (this.#packed === undefined) return;
    const { records, numbers } = unpackRecords(this.#memory.read(this.#packed.content));
    this.#records = records;
    this.#numbers = numbers;
    this.#memory.free(this.#packed.content);
    this.#packed = undefined;
  }
}
