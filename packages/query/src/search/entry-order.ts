import type { EntryPlace } from '@tailrace/schema';

/** Of a cursor or an entry. */
type PlaceOfEntry = EntryPlace & { readonly id: string };

/**
 * Compares two places in the order of entries, newest first: by timestamp, by order, then by the bytes of the id, as
 * Redis orders the members of one score.
 *
 * @returns less than 0 when `a` comes first (is newer), 0 for the same place.
 */
export function compareNewestFirst(a: PlaceOfEntry, b: PlaceOfEntry): number {
  if (a.timestamp !== b.timestamp) return b.timestamp - a.timestamp;
  const byOrder = (b.order ?? 0) - (a.order ?? 0);
  if (byOrder !== 0) return byOrder;
  return a.id === b.id ? 0 : Buffer.compare(Buffer.from(b.id), Buffer.from(a.id));
}
