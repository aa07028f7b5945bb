import type { Entry } from '@tailrace/schema';

/** What one call of the batch script carries, as it is spooled and comes back. */
export interface SpooledCall {
  /** Number of the call, by which the script de-duplicates; ascending in the order of appending, gaps allowed. */
  readonly number: number;
  /** With their ids. A call without entries is not stored. */
  readonly entries: readonly Entry[];
  /** Any small JSON value of the caller's; it comes back as it was. */
  readonly counts: unknown;
}
