/** Why an entry was accepted and yet not stored. */
export type DropReason =
  | 'queue_full'
  | 'spool_full'
  | 'spool_damaged'
  | 'entry_too_old'
  | 'entry_in_future'
  | 'rejected'
  | 'unreadable'
  | 'closed'
  | 'exit';

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
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  /** Attempts to write a batch that failed and were repeated. */
  readonly retries: number;
  /** Entries of processes that are gone, written by this one from their files; they are not among `accepted`. */
  readonly recovered: number;
  /** Lines the console did not take, because its reader is too slow or gone. */
  readonly consoleDropped: number;
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

/** The running counts of one logger. */
export class DeliveryCounts {
  accepted = 0;
  written = 0;
  retries = 0;
  recovered = 0;
  readonly #now: () => number;
  readonly #dropped: Partial<Record<DropReason, number>> = {};
  #droppedInAll = 0;
  #untold = new Map<DropReason, UntoldDrops>();

  constructor(now: () => number) {
    this.#now = now;
  }

  drop(reason: DropReason, count: number): void {
    if (count === 0) return;
    this.#dropped[reason] = (this.#dropped[reason] ?? 0) + count;
    this.#droppedInAll += count;
    this.tell(reason, count);
  }

  /** Has readers told of entries that are lost and not among these counts. */
  tell(reason: DropReason, count: number): void {
    const to = this.#now();
    const untold = this.#untold.get(reason) ?? { reason, count: 0, from: to, to };
    this.#untold.set(reason, { ...untold, count: untold.count + count, to });
  }

  get dropped(): Readonly<Partial<Record<DropReason, number>>> {
    return this.#dropped;
  }

  /** Entries whose fate is known. */
  get settled(): number {
    return this.written + this.#droppedInAll;
  }

  /** Whether something was dropped since {@link takeUntold}. */
  get hasUntold(): boolean {
    return this.#untold.size > 0;
  }

  /** What was dropped since this was asked last. */
  takeUntold(): readonly UntoldDrops[] {
    if (!this.hasUntold) return NONE;
    const untold = [...this.#untold.values()];
    this.#untold = new Map();
    return untold;
  }
}

const NONE: readonly UntoldDrops[] = [];
