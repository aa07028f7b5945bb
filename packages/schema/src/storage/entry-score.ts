/** Places a millisecond has in a sorted set: a score is `ms * 4096 + order`, an integer below 2^53 until 2039. */
const PLACES = 4_096;

/**
 * The highest `order`. Entries of one millisecond past it share that order, and their ids decide
 * ({@link Keyspace.crowdedEntry}).
 */
export const MAX_ORDER = PLACES - 1;

/** What decides where an entry stands among others. */
export interface EntryPlace {
  /** Epoch milliseconds. */
  readonly timestamp: number;
  /** Place among the entries of the millisecond that one process logged. @default 0 */
  readonly order?: number | undefined;
}

/** The score of an entry in every sorted set it is in. */
export function scoreOf({ timestamp, order = 0 }: EntryPlace): number {
  return timestamp * PLACES + order;
}

/** Lowest and highest score of the entries in a window of whole milliseconds, both ends included. */
export function scoreRange({ from, to }: { readonly from: number; readonly to: number }): {
  readonly lowest: number;
  readonly highest: number;
} {
  return { lowest: from * PLACES, highest: to * PLACES + MAX_ORDER };
}

/** The place a score stands for. */
export function placeOfScore(score: number): Required<EntryPlace> {
  const timestamp = Math.floor(score / PLACES);
  return { timestamp, order: score - timestamp * PLACES };
}
