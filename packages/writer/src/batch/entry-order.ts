/** Timestamps remembered at least; twice as many at most. Those of an hour in seconds, or of some seconds in milliseconds. */
const MIN_REMEMBERED = 8_192;

/**
 * Counts entries by timestamp: each is told how many of its millisecond came before. A timestamp that comes again goes on
 * where it was left, unless thousands of others came in between.
 */
export class EntryOrder {
  readonly #minRemembered: number;
  #timestamp = Number.NaN;
  #next = 0;
  /** What comes next for each timestamp but the present one; the older map goes when the newer one is full. */
  #newer = new Map<number, number>();
  #older = new Map<number, number>();

  /** @param minRemembered timestamps that are remembered at least, beside the present one */
  constructor(minRemembered = MIN_REMEMBERED) {
    this.#minRemembered = minRemembered;
  }

  /** @returns the place of the next entry of this timestamp, from 0 */
  next(timestamp: number): number {
    if (timestamp !== this.#timestamp) this.#change(timestamp);
    return this.#next++;
  }

  #change(timestamp: number): void {
    if (this.#newer.size >= this.#minRemembered) {
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    this.#newer.set(this.#timestamp, this.#next);
    this.#timestamp = timestamp;
    this.#next = this.#newer.get(timestamp) ?? this.#older.get(timestamp) ?? 0;
  }
}
