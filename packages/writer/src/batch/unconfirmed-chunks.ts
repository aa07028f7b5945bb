import { copyOf, type Payload } from '../encoding/payload.js';

/** A chunk that was applied by a master, whose replicas may not have it yet. */
export interface UnconfirmedChunk {
  readonly number: number;
  /** How many entries it has. */
  readonly size: number;
  readonly payload: Payload;
  /** @see Chunk.ownIdKeys */
  readonly ownIdKeys?: readonly string[] | undefined;
}

/** Copies of what is written, in the order of their numbers, until the replicas have it too. */
export class UnconfirmedChunks {
  readonly #maxBytes: number;
  #chunks: UnconfirmedChunk[] = [];
  #bytes = 0;
  /** Number of the newest chunk that had to give way. */
  #givenUp = 0;

  /** @param maxBytes replicas that do not answer are no reason to hold ever more */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Entries of all chunks kept. */
  get entries(): number {
    return this.#chunks.reduce((sum, { size }) => sum + size, 0);
  }

  /** Number of the newest chunk kept; 0 without any. */
  get newest(): number {
    return this.#chunks.at(-1)?.number ?? 0;
  }

  /** Keeps a copy of a chunk. The oldest give way when there is too much, but never the last one. */
  keep(chunk: UnconfirmedChunk): void {
    if (this.#chunks.some(({ number }) => number === chunk.number)) return;
    this.#chunks.push({ ...chunk, payload: copyOf(chunk.payload) });
    this.#bytes += chunk.payload.end;
    let count = 0;
    for (; this.#bytes > this.#maxBytes && count < this.#chunks.length - 1; count++) {
      const gone = this.#chunks[count] as UnconfirmedChunk;
      this.#bytes -= gone.payload.end;
      this.#givenUp = gone.number;
    }
    this.#chunks.splice(0, count);
  }

  /** The replicas have all chunks up to this number. */
  confirm(upTo: number): void {
    this.#retain(({ number }) => number > upTo);
  }

  /** One that can never be written again. */
  forget(number: number): void {
    this.#retain((chunk) => chunk.number !== number);
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
    this.#retain(() => false);
    this.#givenUp = 0;
  }

  #retain(isKept: (chunk: UnconfirmedChunk) => boolean): void {
    this.#chunks = this.#chunks.filter(isKept);
    this.#bytes = this.#chunks.reduce((sum, { payload }) => sum + payload.end, 0);
  }
}
