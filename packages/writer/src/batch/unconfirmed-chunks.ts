import type { Payload } from '../encoding/payload.js';

/** A chunk that was applied by a master, whose replicas may not have it yet. */
export interface UnconfirmedChunk {
  readonly number: number;
  /** How many entries it has. */
  readonly size: number;
  readonly payload: Payload;
  /** @see Chunk.ownIdKeys */
  readonly ownIdKeys?: readonly string[] | undefined;
  /** A socket may hold its buffer still. */
  isShared: boolean;
}

/** Chunks kept at most: replicas that do not answer are no reason to hold ever more. A chunk's buffer is half a megabyte. */
const MAX_CHUNKS = 16;

/** Copies of what is written, in the order of their numbers, until the replicas have it too. */
export class UnconfirmedChunks {
  #chunks: UnconfirmedChunk[] = [];
  /** Number of the newest chunk that had to give way. */
  #givenUp = 0;

  /** Entries of all chunks kept. */
  get entries(): number {
    return this.#chunks.reduce((sum, { size }) => sum + size, 0);
  }

  /** Number of the newest chunk kept; 0 without any. */
  get newest(): number {
    return this.#chunks.at(-1)?.number ?? 0;
  }

  /** Keeps a chunk. The oldest gives way when there are too many. */
  keep(chunk: UnconfirmedChunk): void {
    if (this.#chunks.some(({ number }) => number === chunk.number)) return;
    this.#chunks.push(chunk);
    if (this.#chunks.length <= MAX_CHUNKS) return;
    this.#givenUp = (this.#chunks.shift() as UnconfirmedChunk).number;
  }

  /** The replicas have all chunks up to this number. @returns those that are kept no longer */
  confirm(upTo: number): readonly UnconfirmedChunk[] {
    const confirmed = this.#chunks.filter(({ number }) => number <= upTo);
    this.#chunks = this.#chunks.filter(({ number }) => number > upTo);
    return confirmed;
  }

  /** One that can never be written again. */
  forget(number: number): void {
    this.#chunks = this.#chunks.filter((chunk) => chunk.number !== number);
  }

  /** What a server lacks that has applied all chunks up to this number, and no later one. */
  behind(last: number): readonly UnconfirmedChunk[] {
    return this.#chunks.filter(({ number }) => number > last);
  }

  /** Whether such a server lacks chunks that gave way. */
  lacksGivenUp(last: number): boolean {
    return last < this.#givenUp;
  }

  /** Of another writer from here on. */
  clear(): void {
    this.#chunks = [];
    this.#givenUp = 0;
  }
}
