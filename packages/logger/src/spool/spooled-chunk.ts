import type { Entry } from '@tailrace/schema';

/** What one chunk of the batch script carries, as it is spooled and comes back. */
export interface SpooledChunk {
  /** Number of the chunk, by which the script de-duplicates; ascending in the order of appending, gaps allowed. */
  readonly number: number;
  /** With their ids. A chunk without entries is not stored. */
  readonly entries: readonly Entry[];
  /** Any small JSON value of the caller's; it comes back as it was. */
  readonly counts: unknown;
}
