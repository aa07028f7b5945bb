/** Why an entry was accepted and yet not stored. */
export type DropReason = 'queue_full' | 'entry_too_old' | 'entry_in_future' | 'closed' | 'unreadable';

/** What became of every accepted entry, at this moment: accepted = written + pending + dropped. */
export interface LoggerStats {
  /** Log calls that passed the level check. */
  readonly accepted: number;
  /** Entries known to be in Redis. */
  readonly written: number;
  /** Entries in the queue or on their way. */
  readonly pending: number;
  /** About how many bytes wait in the queue. */
  readonly pendingBytes: number;
  /** Entries lost, by reason; a reason that never happened is absent. */
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  /** Attempts to write a batch that failed and were repeated. */
  readonly retries: number;
}

/** The running counts of one logger. */
export class DeliveryCounts {
  accepted = 0;
  written = 0;
  retries = 0;
  readonly #dropped: Partial<Record<DropReason, number>> = {};
  #droppedInAll = 0;

  drop(reason: DropReason, count: number): void {
    this.#dropped[reason] = (this.#dropped[reason] ?? 0) + count;
    this.#droppedInAll += count;
  }

  /** Entries whose fate is known. */
  get settled(): number {
    return this.written + this.#droppedInAll;
  }

  stats(pendingBytes: number): LoggerStats {
    return {
      accepted: this.accepted,
      written: this.written,
      pending: this.accepted - this.settled,
      pendingBytes,
      dropped: { ...this.#dropped },
      retries: this.retries,
    };
  }
}
