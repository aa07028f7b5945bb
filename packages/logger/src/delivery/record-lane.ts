import type { LogRecord } from '@tailrace/writer';
import type { BlockMemory } from './block-memory.js';
import { RecordRun } from './record-run.js';

/** Records of one level with their numbers: the oldest are taken out, the newest are given up. */
export class RecordLane {
  readonly #memory: BlockMemory;
  /** Oldest first, none of them empty. */
  readonly #runs: RecordRun[] = [];
  #size = 0;
  #bytes = 0;

  /** @param memory for what is packed */
  constructor(memory: BlockMemory) {
    this.#memory = memory;
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Number of the oldest record; `Infinity` when there is none. */
  get oldest(): number {
    return this.#runs[0]?.oldest ?? Number.POSITIVE_INFINITY;
  }

  /** @returns whether the newest run is full with this record. */
  push(record: LogRecord, number: number): boolean {
    const run = this.#runWithRoom();
    run.push(record, number);
    this.#size++;
    this.#bytes += record.bytes;
    return run.isFull;
  }

  /** Packs the newest run. */
  packNewest(): void {
    this.#runs.at(-1)?.pack();
  }

  /** Takes the oldest out; there must be one. */
  shift(): LogRecord {
    const run = this.#runs[0] as RecordRun;
    const record = run.shift();
    this.#size--;
    this.#bytes -= record.bytes;
    if (run.size === 0) this.#runs.shift();
    return record;
  }

  /**
   * Gives up the newest record, or the newest run when that is packed: to unpack it for one record would cost more than
   * the others are worth. There must be one.
   *
   * @returns how many records, and how many bytes they had.
   */
  giveUpNewest(): { readonly count: number; readonly bytes: number } {
    const run = this.#runs.at(-1) as RecordRun;
    const { size, bytes } = run;
    if (run.isPacked) run.discard();
    else run.pop();
    if (run.size === 0) this.#runs.pop();
    const given = { count: size - run.size, bytes: bytes - run.bytes };
    this.#size -= given.count;
    this.#bytes -= given.bytes;
    return given;
  }

  #runWithRoom(): RecordRun {
    const last = this.#runs.at(-1);
    if (last !== undefined && !last.isFull) return last;
    const run = new RecordRun(this.#memory);
    this.#runs.push(run);
    return run;
  }
}
