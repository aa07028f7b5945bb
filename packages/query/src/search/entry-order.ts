import type { Cursor } from '@tailrace/schema';

/**
 * Compares two places in the order of entries, newest first: by timestamp, then by the bytes of the id, as Redis
 * orders the members of one score.
 *
 * @returns less than 0 when `a` comes first (is newer), 0 for the same place.
 */
export function compareNewestFirst(a: Cursor, b: Cursor): number {
  if (a.timestamp !== b.timestamp) return b.timestamp - a.timestamp;
  return a.id === b.id ? 0 : Buffer.compare(Buffer.from(b.id), Buffer.from(a.id));
}
