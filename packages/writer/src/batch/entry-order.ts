/** Timestamps remembered, a prime: of consecutive seconds or milliseconds as many, of others somewhat fewer. */
const REMEMBERED = 16_381;
/** Timestamps whose entries keep their order, however an import mixes them: a day and a half in seconds; a prime. */
export const IMPORTED_TIMESTAMPS = 131_071;

/**
 * Counts entries by timestamp: each is told how many of its millisecond came before. A timestamp that comes again goes on
 * where it was left, unless one that shares its slot came in between: only timestamps that are far apart do.
 */
export class EntryOrder {
  readonly #slots: number;
  #timestamps: Float64Array | undefined;
  #counts: Uint32Array | undefined;

  /** @param slots a prime: timestamps that many apart, in milliseconds or whole seconds, share a slot */
  constructor(slots = REMEMBERED) {
    this.#slots = slots;
  }

  /** @returns the place of the next entry of this timestamp, from 0 */
  next(timestamp: number): number {
    this.#timestamps ??= new Float64Array(this.#slots).fill(Number.NaN);
    this.#counts ??= new Uint32Array(this.#slots);
    const slot = Math.abs(timestamp % this.#slots);
    if (this.#timestamps[slot] !== timestamp) {
      this.#timestamps[slot] = timestamp;
      this.#counts[slot] = 0;
    }
    return (this.#counts[slot] as number)++;
  }
}
