const BLOCK_BYTES = 4 << 10;
const SLAB_BLOCKS = 256;

/** A piece kept in a {@link BlockMemory}. */
export interface KeptBytes {
  readonly blocks: readonly number[];
  readonly length: number;
}

/**
 * Keeps pieces of bytes outside of V8's heap, in blocks that are used again as soon as their piece is freed. With a
 * Buffer for each piece, those no longer needed would pile up until V8 cleans its old space.
 */
export class BlockMemory {
  #slabs: Buffer[] = [];
  #free: number[] = [];

  /** Copies the bytes. */
  keep(bytes: Buffer): KeptBytes {
    const blocks: number[] = [];
    for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
      const number = this.#take();
      bytes.copy(this.#block(number), 0, at, at + BLOCK_BYTES);
      blocks.push(number);
    }
    return { blocks, length: bytes.length };
  }

  /** @returns a copy. */
  read({ blocks, length }: KeptBytes): Buffer {
    return Buffer.concat(
      blocks.map((number) => this.#block(number)),
      length,
    );
  }

  /** The piece is not read any more. When none is left, the memory is given back. */
  free({ blocks }: KeptBytes): void {
    for (const number of blocks) this.#free.push(number);
    if (this.#free.length < this.#slabs.length * SLAB_BLOCKS) return;
    this.#slabs = [];
    this.#free = [];
  }

  #take(): number {
    if (this.#free.length === 0) this.#grow();
    return this.#free.pop() as number;
  }

  #grow(): void {
    const first = this.#slabs.length * SLAB_BLOCKS;
    this.#slabs.push(Buffer.allocUnsafeSlow(SLAB_BLOCKS * BLOCK_BYTES));
    for (let number = first + SLAB_BLOCKS - 1; number >= first; number--) this.#free.push(number);
  }

  #block(number: number): Buffer {
    const at = (number % SLAB_BLOCKS) * BLOCK_BYTES;
    return (this.#slabs[Math.floor(number / SLAB_BLOCKS)] as Buffer).subarray(at, at + BLOCK_BYTES);
  }
}
