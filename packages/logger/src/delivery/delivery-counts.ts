import type { DropCounts, DropReason } from '@tailrace/schema';
import { type Batch, entryCount, type WriterAccount } from '@tailrace/writer';
import { WriterAccounts } from './writer-accounts.js';

/** What became of every accepted entry, at this moment: accepted = written + pending + spooled + dropped. */
export interface LoggerStats {
  /** Log calls that passed the level check and the sampling, and notices of drops. */
  readonly accepted: number;
  /** Entries known to be in Redis. */
  readonly written: number;
  /** Entries in the queue or on their way, and requests that wait for their response. */
  readonly pending: number;
  /** About how many bytes wait in the queue. */
  readonly pendingBytes: number;
  /** Entries in this process's files, to be written when Redis answers, by this process or the next. */
  readonly spooled: number;
  /** Bytes of these files. */
  readonly spooledBytes: number;
  /** Entries lost, by reason; a reason that never happened is absent. */
  readonly dropped: Readonly<DropCounts>;
  /**
   * Of the written ones those that no replica is known to have, where a replica can become the master (Sentinel, Cluster):
   * they are kept, and written again if their master is lost.
   */
  readonly unconfirmed: number;
  /** Attempts to write a batch that failed and were repeated. */
  readonly retries: number;
  /** Entries of processes that are gone, written by this one from their files; they are not among `accepted`. */
  readonly recovered: number;
  /** Lines the console did not take, because its reader is too slow or gone. */
  readonly consoleDropped: number;
  /** The same of the sink beside Redis, which has an account of its own; absent where there is none. */
  readonly sink?: Omit<LoggerStats, 'sampled' | 'folded' | 'sink'>;
  /** Calls left out by a sampling rule; they are not among `accepted`. */
  readonly sampled: number;
  /** Calls that only count in the summary of a repeated message; they are not among `accepted`. */
  readonly folded: number;
}

/** Drops of one reason that no entry tells of yet. */
export interface UntoldDrops {
  readonly reason: DropReason;
  readonly count: number;
  /** Epoch milliseconds of the first and the last. */
  readonly from: number;
  readonly to: number;
}

/** How entries end: stored, or lost for a reason. */
export type Outcome = 'written' | DropReason;

/** Of one reason, readers are told at most so often. */
const NOTICE_INTERVAL_MS = 1_000;

/** The running counts of one logger. */
export class DeliveryCounts {
  accepted = 0;
  retries = 0;
  recovered = 0;
  /** Whether drops are told of at once, since there may be no later. */
  isEnding = false;
  readonly #now: () => number;
  readonly #dropped: DropCounts = {};
  #droppedInAll = 0;
  #written = 0;
  /** When something was known to be written last; before that, Redis counts as away. */
  #seen = { written: 0, retries: -1 };
  readonly #untold = new Map<DropReason, { -readonly [Name in keyof UntoldDrops]: UntoldDrops[Name] }>();
  /** Epoch milliseconds. */
  readonly #toldAt = new Map<DropReason, number>();
  readonly #records = new WriterAccounts();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts entries whose fate is known. Nothing else counts as written. */
  settle(count: number, outcome: Outcome): void {
    if (outcome === 'written') this.#written += count;
    else this.drop(outcome, count);
  }

  /**
   * Counts a batch that delivery has done with: what was applied is written, what was refused is dropped.
   *
   * @param rest how the other entries end; without it they go on, in files
   */
  settleBatch(
    { chunks, applied, refused }: Pick<Batch, 'chunks' | 'applied' | 'refused'>,
    rest?: Outcome,
  ): void {
    for (const { reason } of refused) this.drop(reason, 1);
    this.settle(entryCount(chunks.slice(0, applied)), 'written');
    if (rest !== undefined) this.settle(entryCount(chunks.slice(applied)), rest);
  }

  get written(): number {
    return this.#written;
  }

  drop(reason: DropReason, count: number): void {
    if (count === 0) return;
    this.#dropped[reason] = (this.#dropped[reason] ?? 0) + count;
    this.#droppedInAll += count;
    this.tell(reason, count);
  }

  /** Has readers told of entries that are lost and not among these counts. */
  tell(reason: DropReason, count: number): void {
    const at = this.#now();
    const untold = this.#untold.get(reason);
    if (untold === undefined) {
      this.#untold.set(reason, { reason, count, from: at, to: at });
    } else {
      untold.count += count;
      untold.to = at;
    }
  }

  get dropped(): Readonly<DropCounts> {
    return this.#dropped;
  }

  /** Whether nothing is known to be written yet, or attempts have failed since. */
  get isAway(): boolean {
    if (this.#written > this.#seen.written) this.#seen = { written: this.#written, retries: this.retries };
    return this.retries > this.#seen.retries;
  }

  /** Entries whose fate is known. */
  get settled(): number {
    return this.#written + this.#droppedInAll;
  }

  /** Whether there are drops that {@link takeUntold} would give now. */
  get hasUntold(): boolean {
    for (const reason of this.#untold.keys()) if (this.#isDue(reason)) return true;
    return false;
  }

  /** Whether there are drops to be told of, now or later. */
  get owesNotices(): boolean {
    return this.#untold.size > 0;
  }

  /** What was dropped since it was told of last, of reasons whose turn it is. */
  takeUntold(): readonly UntoldDrops[] {
    if (this.#untold.size === 0) return NONE;
    const due = [...this.#untold.values()].filter(({ reason }) => this.#isDue(reason));
    for (const { reason } of due) {
      this.#untold.delete(reason);
      this.#toldAt.set(reason, this.#now());
    }
    return due;
  }

  #isDue(reason: DropReason): boolean {
    const sinceMs = this.#now() - (this.#toldAt.get(reason) ?? Number.NEGATIVE_INFINITY);
    // The clock may have been put back.
    return this.isEnding || sinceMs >= NOTICE_INTERVAL_MS || sinceMs < 0;
  }

  /** What the writer says of itself with a call made now. */
  record(): WriterAccount {
    return this.#records.make(this.accepted, this.#dropped);
  }

  /** The record made last is in a file. */
  recordStored(): void {
    this.#records.stored();
  }

  /** The writer has a new id; what was stored under the one before is not said again. */
  beginRecord(): void {
    this.#records.begin();
  }
}

const NONE: readonly UntoldDrops[] = [];
