import { type Entry, type Keyspace, MAX_ORDER } from '@tailrace/schema';
import { type Batch, type Chunk, MAX_CHUNK_ENTRIES } from './batch.js';
import { EntryIds } from './entry-ids.js';
import type { EntryOrder } from './entry-order.js';

/** Gives entries their ids and their order, and groups them into numbered chunks. */
export class BatchNumbering {
  readonly #keyspace: Keyspace;
  readonly #order: EntryOrder;
  readonly #ids = new EntryIds();
  #nextNumber = 1;

  constructor(keyspace: Keyspace, order: EntryOrder) {
    this.#keyspace = keyspace;
    this.#order = order;
  }

  /**
   * Chunks must be applied in the order of their numbers.
   *
   * @param firstRecord what {@link Batch.firstRecord} is to be
   * @param ownIdKeys {@link Chunk.ownIdKeys} of all entries
   */
  number(entries: readonly Entry[], firstRecord: number, ownIdKeys?: readonly string[]): Batch {
    for (const entry of entries) this.#identify(entry);
    return {
      chunks: this.#chunks(entries, ownIdKeys),
      firstRecord,
      applied: 0,
      attempts: 0,
      refused: [],
      isLeft: false,
    };
  }

  #identify(entry: Entry): void {
    const owner = entry.kind === 'request' ? entry.client_ip : entry.component;
    entry.id = this.#keyspace.entry(entry.kind, entry.timestamp, owner, this.#ids.next());
    const order = entry.order ?? this.#order.next(entry.timestamp);
    entry.order = order === 0 ? undefined : Math.min(order, MAX_ORDER);
    if (order >= MAX_ORDER) entry.id = this.#keyspace.crowdedEntry(entry.id, order - MAX_ORDER);
  }

  #chunks(entries: readonly Entry[], ownIdKeys: readonly string[] | undefined): Chunk[] {
    const count = Math.ceil(entries.length / MAX_CHUNK_ENTRIES);
    const size = Math.ceil(entries.length / count);
    return Array.from({ length: count }, (_, i) => {
      const content = entries.slice(i * size, (i + 1) * size);
      const chunk: Chunk = { number: this.#nextNumber++, size: content.length, content };
      if (ownIdKeys !== undefined) chunk.ownIdKeys = ownIdKeys.slice(i * size, (i + 1) * size);
      return chunk;
    });
  }
}
