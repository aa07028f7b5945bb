import type { ExpiringKey } from './expiry-refresh.js';
import { MessagePackWriter } from './message-pack.js';

/** A key of an index, as one writer knows it, and what the chunk being encoded adds to it. */
export interface IndexKey extends ExpiringKey {
  /** The key, encoded for the payload. */
  readonly bytes: Uint8Array;
  /** Places, from 1, of the entries the current chunk adds; only the first `count` are of this chunk. */
  readonly places: number[];
  count: number;
}

/** Past this many values a table starts anew: its keys are made and refreshed again, which costs time and loses nothing. */
const MAX_VALUES = 20_000;

/**
 * The keys of one index by their values. Made once and kept, because making a key, encoding it and looking up whether
 * its expiry is due would otherwise be the dearest part of a batch.
 */
export class KeyTable {
  readonly #make: (value: string) => { readonly key: string; readonly retention: number };
  #keys = new Map<string, IndexKey>();
  #touched: IndexKey[] = [];

  constructor(make: (value: string) => { readonly key: string; readonly retention: number }) {
    this.#make = make;
  }

  add(value: string, place: number): void {
    const known = this.#keys.get(value) ?? this.#add(value);
    if (known.count === 0) this.#touched.push(known);
    known.places[known.count++] = place;
  }

  /** The keys the current chunk adds to. */
  get touched(): readonly IndexKey[] {
    return this.#touched;
  }

  /** Ends the current chunk. */
  clear(): void {
    for (const key of this.#touched) key.count = 0;
    this.#touched = [];
    if (this.#keys.size > MAX_VALUES) this.#keys = new Map();
  }

  #add(value: string): IndexKey {
    const { key, retention } = this.#make(value);
    const made: IndexKey = {
      bytes: MessagePackWriter.encoded(key),
      retention,
      refreshedIn: 0,
      places: [],
      count: 0,
    };
    // A part of a longer text would keep all of it alive for as long as the table.
    this.#keys.set(Buffer.from(value).toString(), made);
    return made;
  }
}
