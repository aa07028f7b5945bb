import type { DropCounts, DropReason } from '@tailrace/schema';
import { type WriterAccount, writerAccount } from '@tailrace/writer';

/** The counts of a process, at some moment. */
interface ProcessCounts {
  readonly accepted: number;
  readonly dropped: Readonly<DropCounts>;
}

const NOTHING: ProcessCounts = { accepted: 0, dropped: {} };

/**
 * Records of the writers a process is, one after the other when its spool was taken: each says only what those before
 * have not, so that their sum is what the process counted.
 */
export class WriterAccounts {
  #last = NOTHING;
  #lastStored = NOTHING;
  #saidBefore = NOTHING;

  /** @returns the record of the writer at this moment */
  make(accepted: number, dropped: Readonly<DropCounts>): WriterAccount {
    this.#last = { accepted, dropped: { ...dropped } };
    const before = this.#saidBefore;
    const since: DropCounts = {};
    for (const [reason, count] of Object.entries(dropped) as [DropReason, number][])
      since[reason] = count - (before.dropped[reason] ?? 0);
    return writerAccount(accepted - before.accepted, since);
  }

  /** The record made last is in a file: it is what Redis will have of the writer when the file is applied. */
  stored(): void {
    this.#lastStored = this.#last;
  }

  /** From now on records are of a new writer; whoever took the files applies what is stored. */
  begin(): void {
    this.#saidBefore = this.#lastStored;
  }
}
