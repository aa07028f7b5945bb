import { BUCKETS, bucketOf } from '@tailrace/schema';
import type { Counter } from './counter-key.js';
import { MessagePackWriter } from './message-pack.js';

/** The response times of one host in one minute, counted by bucket: nearly every request grows another one. */
export class MinuteHistogram implements Counter {
  readonly command = 'HINCRBY';
  readonly bytes: Uint8Array;
  readonly retention: number;
  refreshedIn = 0;
  size = 0;
  /** By bucket, from the lowest. */
  readonly #counts = new Uint16Array(BUCKETS.highest - BUCKETS.lowest + 1);
  readonly #touched: number[] = [];

  constructor(key: string, retention: number) {
    this.bytes = MessagePackWriter.encoded(key);
    this.retention = retention;
  }

  add(durationMs: number): void {
    const place = bucketOf(durationMs) - BUCKETS.lowest;
    if (this.#counts[place] === 0) this.#touched[this.size++] = place;
    (this.#counts[place] as number)++;
  }

  write(out: MessagePackWriter): void {
    for (let i = 0; i < this.size; i++) {
      const place = this.#touched[i] as number;
      out.raw(encodedBucket(place));
      out.decimal(this.#counts[place] as number);
    }
  }

  clear(): void {
    for (let i = 0; i < this.size; i++) this.#counts[this.#touched[i] as number] = 0;
    this.size = 0;
  }
}

const encodedBuckets: Uint8Array[] = [];

function encodedBucket(place: number): Uint8Array {
  const known = encodedBuckets[place] ?? MessagePackWriter.encoded(String(place + BUCKETS.lowest));
  encodedBuckets[place] = known;
  return known;
}
