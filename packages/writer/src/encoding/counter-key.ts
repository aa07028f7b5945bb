import type { ExpiringKey } from './expiry-refresh.js';
import { MessagePackWriter } from './message-pack.js';

/** A counter key and what the chunk being encoded adds to it. */
export interface Counter extends ExpiringKey {
  readonly command: 'HINCRBY' | 'ZINCRBY';
  /** The key, encoded for the payload. */
  readonly bytes: Uint8Array;
  /** How many fields grow. */
  readonly size: number;
  /** Writes each field and how much it grows, in the order of the command's arguments. */
  write(out: MessagePackWriter): void;
  /** Ends the current chunk. */
  clear(): void;
}

/** A field of a hash of counts, or a member of a sorted set of them. */
interface Count {
  readonly field: string;
  /** Encoded for the payload. */
  readonly bytes: Uint8Array;
  by: number;
}

/** A counter key whose fields are names; they stay known from chunk to chunk. */
export class CounterKey implements Counter {
  readonly command: Counter['command'];
  readonly bytes: Uint8Array;
  readonly retention: number;
  refreshedIn = 0;
  size = 0;
  readonly #counts = new Map<string, Count>();
  /** Only the first `size` are of the current chunk. */
  readonly #touched: Count[] = [];

  constructor(command: Counter['command'], key: string, retention: number) {
    this.command = command;
    this.bytes = MessagePackWriter.encoded(key);
    this.retention = retention;
  }

  grow(field: string, by = 1): void {
    if (by === 0) return;
    let count = this.#counts.get(field);
    if (count === undefined) {
      count = { field, bytes: MessagePackWriter.encoded(field), by: 0 };
      this.#counts.set(field, count);
    }
    if (count.by === 0) this.#touched[this.size++] = count;
    count.by += by;
  }

  /** Fields that are known. */
  get known(): number {
    return this.#counts.size;
  }

  /** Lets another key grow by the same. @returns how much `field` grows */
  growTo(other: CounterKey, field: string): number {
    for (let i = 0; i < this.size; i++) {
      const count = this.#touched[i] as Count;
      other.grow(count.field, count.by);
    }
    return this.#counts.get(field)?.by ?? 0;
  }

  write(out: MessagePackWriter): void {
    const isSet = this.command === 'ZINCRBY';
    for (let i = 0; i < this.size; i++) {
      const { bytes, by } = this.#touched[i] as Count;
      if (!isSet) out.raw(bytes);
      out.decimal(by);
      if (isSet) out.raw(bytes);
    }
  }

  clear(): void {
    for (let i = 0; i < this.size; i++) (this.#touched[i] as Count).by = 0;
    this.size = 0;
  }
}
