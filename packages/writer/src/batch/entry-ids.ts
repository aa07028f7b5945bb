import { randomBytes } from 'node:crypto';
import { SORTABLE_DIGITS } from '@tailrace/schema';

const DIGITS = Uint8Array.from(Buffer.from(SORTABLE_DIGITS));
const COUNT_BITS = 0xffffff;

/**
 * The last part of entry ids, eight characters: four random ones for the writer, four that count. Short, because
 * every index repeats it; unique among entries of the same millisecond and client, which is all that is needed.
 */
export class EntryIds {
  readonly #writer = randomBytes(3).readUIntBE(0, 3);
  #count = randomBytes(3).readUIntBE(0, 3);

  next(): string {
    const count = this.#count;
    this.#count = (count + 1) & COUNT_BITS;
    const writer = this.#writer;
    // One call makes one flat text; joining eight would leave a tree that is flattened again and again.
    return String.fromCharCode(
      digit(writer >> 18),
      digit(writer >> 12),
      digit(writer >> 6),
      digit(writer),
      digit(count >> 18),
      digit(count >> 12),
      digit(count >> 6),
      digit(count),
    );
  }
}

function digit(bits: number): number {
  return DIGITS[bits & 63] as number;
}
