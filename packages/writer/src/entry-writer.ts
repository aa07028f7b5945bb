import { setImmediate } from 'node:timers/promises';
import { type Entry, type EntryInput, shardOf } from '@tailrace/schema';
import type { Refusal } from './batch/batch.js';
import { EntryOrder, IMPORTED_TIMESTAMPS } from './batch/entry-order.js';
import { newWriterId } from './batch/redis-writer.js';
import { PayloadPool } from './encoding/payload.js';
import { EntryLane } from './entry-lane.js';
import { entryOf } from './entry-of-input.js';
import { RateLimitedReports } from './rate-limited-reports.js';
import { Redactor } from './redaction/redactor.js';
import {
  resolveWriterOptions,
  shardOptions,
  type WriterError,
  type WriterOptions,
} from './writer-options.js';

/** What became of one entry: the id it is stored as, or why it is not. */
export type WriteResult =
  | { readonly id: string; readonly isStoredBefore?: true }
  | { readonly refused: WriteRefusal };

/** How entries are written. */
export interface WriteOptions {
  /**
   * For each entry an id that its sender gave it: what was stored under it, by any writer, is not stored again, as long as
   * the entry is kept. @default the entries have none
   */
  readonly ownIds?: readonly string[];
}

/** Why an entry is not stored: it is too old or too far ahead by the server's clock, or Redis refuses it. */
export interface WriteRefusal {
  readonly code: Refusal['reason'];
  readonly message: string;
}

/** Writes entries for a caller who waits until they are stored, as an ingest endpoint does. */
export interface EntryWriter {
  /**
   * Resolves when every entry is stored or refused, in the order given.
   *
   * @throws when Redis cannot take them now. A part may be stored; it is not written twice by this writer.
   */
  write(entries: readonly EntryInput[], options?: WriteOptions): Promise<readonly WriteResult[]>;
  close(): Promise<void>;
}

/** @throws RangeError when an option is wrong: it names the option, its value and what is allowed. */
export function createEntryWriter(options: WriterOptions, now: () => number = Date.now): EntryWriter {
  return new DirectEntryWriter(options, now);
}

/** How long entries are built at a stretch, in milliseconds. */
const SLICE_MS = 10;

class DirectEntryWriter implements EntryWriter {
  readonly #redactor: Redactor;
  readonly #now: () => number;
  readonly #order = new EntryOrder(IMPORTED_TIMESTAMPS);
  /** One for each shard. */
  readonly #lanes: readonly EntryLane[];
  /** Settles when what was given last is built. */
  #lastBuilt: Promise<unknown> = Promise.resolve();
  #turn = 0;

  constructor(writerOptions: WriterOptions, now: () => number) {
    const options = resolveWriterOptions(writerOptions);
    this.#redactor = new Redactor(options.redact);
    this.#now = now;
    const reports = new RateLimitedReports(options.onError, now);
    const parts = {
      now,
      report: (error: WriterError) => reports.report(error),
      order: this.#order,
      id: newWriterId(),
      pool: new PayloadPool(),
    };
    this.#lanes = shardOptions(options).map((own) => new EntryLane({ ...parts, options: own }));
  }

  write(inputs: readonly EntryInput[], { ownIds }: WriteOptions = {}): Promise<readonly WriteResult[]> {
    const built = this.#lastBuilt.then(() => this.#build(inputs, this.#now()));
    this.#lastBuilt = built.then(
      () => undefined,
      () => undefined,
    );
    // The next one is built while Redis works.
    return this.#lanes.length === 1
      ? (this.#lanes[0] as EntryLane).write(built, ownIds)
      : this.#spread(built, ownIds);
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }

  /**
   * What has neither address nor trace goes to one shard, with each call to the next; what has an id of its sender's own goes
   * by that, so that it is known there when it is sent again.
   */
  async #spread(
    built: Promise<readonly Entry[]>,
    ownIds: readonly string[] | undefined,
  ): Promise<readonly WriteResult[]> {
    const entries = await built;
    const turn = this.#turn++ % this.#lanes.length;
    const places = new Map<number, number[]>();
    for (const [place, entry] of entries.entries()) {
      // Numbered here, as the shards do not wait for each other.
      entry.order = this.#order.next(entry.timestamp);
      const shard =
        shardOf(entry, this.#lanes.length) ??
        shardOf({ trace_id: ownIds?.[place] }, this.#lanes.length) ??
        turn;
      const own = places.get(shard);
      if (own === undefined) places.set(shard, [place]);
      else own.push(place);
    }
    const results: WriteResult[] = new Array(entries.length);
    const settled = await Promise.allSettled(
      [...places].map(async ([shard, own]) => {
        const given = Promise.resolve(own.map((place) => entries[place] as Entry));
        const written = await (this.#lanes[shard] as EntryLane).write(
          given,
          ownIds && own.map((place) => ownIds[place] as string),
        );
        for (const [i, place] of own.entries()) results[place] = written[i] as WriteResult;
      }),
    );
    for (const one of settled) if (one.status === 'rejected') throw one.reason;
    return results;
  }

  /** What waits for the same process has its turn in between. */
  async #build(inputs: readonly EntryInput[], now: number): Promise<Entry[]> {
    const entries: Entry[] = [];
    let began = performance.now();
    for (const input of inputs) {
      entries.push(entryOf(input, now, this.#redactor));
      if (performance.now() - began < SLICE_MS) continue;
      await setImmediate();
      began = performance.now();
    }
    return entries;
  }
}
