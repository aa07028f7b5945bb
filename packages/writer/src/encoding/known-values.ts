/** Places a value can take: sets of two that lie side by side in memory. A power of two. */
const PLACES = 1 << 15;
const SETS_MASK = PLACES - 2;
const OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const OTHER_PRIME = 0x5bd1e995;
const HIGH = 2 ** 21;

const { charCodeAt } = String.prototype;

/**
 * Remembers which texts were seen, about the last 20,000, by a hash of 53 bits: a Set of that many texts misses the
 * processor's caches several times a look-up, which was the dearest part of a batch. It may forget a text. It takes a
 * new text for a seen one once in some 10^13 times.
 */
export class KnownValues {
  #hashes: Float64Array | undefined;
  #place = 0;
  #hash = 0;

  /** Whether the text is known. @param seed tells apart what one table is used for */
  has(text: string, seed = 0): boolean {
    this.#hashes ??= new Float64Array(PLACES);
    const hashes = this.#hashes;
    let low = OFFSET ^ seed;
    let high = text.length ^ seed;
    for (let i = 0; i < text.length; i++) {
      const code = charCodeAt.call(text, i);
      low = Math.imul(low ^ code, FNV_PRIME) ^ (low >>> 15);
      high = Math.imul(high ^ code, OTHER_PRIME) ^ (high >>> 13);
    }
    const hash = (low >>> 0) * HIGH + (high >>> 11) + 1;
    const place = (low ^ (low >>> 15)) & SETS_MASK;
    this.#place = place;
    this.#hash = hash;
    return hashes[place] === hash || hashes[place + 1] === hash;
  }

  /** Remembers the text last asked for, in place of the one of its set that has waited longer. */
  add(): void {
    const hashes = this.#hashes as Float64Array;
    hashes[this.#place + 1] = hashes[this.#place] as number;
    hashes[this.#place] = this.#hash;
  }

  clear(): void {
    this.#hashes?.fill(0);
  }
}

/** A seed for {@link KnownValues.has}. */
export function seedOf(text: string): number {
  let hash = OFFSET;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  return hash;
}
