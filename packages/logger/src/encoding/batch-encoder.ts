import {
  classOf,
  DAY_MS,
  DEFAULT_PIECE_BYTES,
  type Entry,
  type IndexSettings,
  type Keyspace,
  type RetentionDays,
} from '@tailrace/schema';
import { Arming } from './arming.js';
import { BatchCounters } from './batch-counters.js';
import { BatchIndexes } from './batch-indexes.js';
import { EntryEncoder } from './encode-entry.js';
import { KnownValues } from './known-values.js';
import { MessagePackWriter } from './message-pack.js';
import { HEADROOM, type Payload, type PayloadPool } from './payload.js';

/** Added to a class number: the key is armed already. */
const ARMED = 8;
/** Past this many counter keys the memory of which are armed starts anew. */
const MAX_ARMED_COUNTERS = 10_000;

/** What an encoder depends on. */
export interface BatchEncoderOptions {
  readonly keyspace: Keyspace;
  readonly retentionDays: RetentionDays;
  readonly indexSettings: IndexSettings;
  readonly now: () => number;
  readonly pool: PayloadPool;
}

/** Encodes calls as payloads of the batch script. */
export class BatchEncoder {
  readonly #options: BatchEncoderOptions;
  readonly #indexes: BatchIndexes;
  readonly #entries: EntryEncoder;
  readonly #arming = new Arming();
  readonly #knownVisitors = new KnownValues();
  #armedCounters = new Map<string, number>();

  /** Longest value the server keeps compact in a hash, in bytes; longer texts are stored in pieces. */
  pieceBytes = DEFAULT_PIECE_BYTES;

  constructor(options: BatchEncoderOptions) {
    this.#options = options;
    this.#indexes = new BatchIndexes(options.keyspace, options.indexSettings);
    this.#entries = new EntryEncoder(this.#indexes);
  }

  /** Encodes the entries of one call, whose ids are set. */
  encode(entries: readonly Entry[]): Payload {
    // Left over only when encoding failed before.
    this.#indexes.clear();
    const generation = this.#arming.generation(this.#options.now());
    const counters = new BatchCounters(this.#options.keyspace, this.#knownVisitors);
    const out = new MessagePackWriter(this.#options.pool.take(), HEADROOM);
    out.array(5);
    this.#entries.begin(generation, this.pieceBytes);
    this.#writeEntries(out, entries, counters);
    this.#writeIndexes(out, generation);
    this.#writeCounters(out, counters.counters(), generation);
    this.#writeVisitors(out, counters.visitors(), generation);
    this.#writeShapes(out);
    return { buffer: out.buffer, end: out.length, texts: this.#entries.texts };
  }

  /** Every key is armed anew: the server lost what this writer armed, or somebody removed it. */
  forgetArmed(): void {
    this.#arming.forget();
    this.#knownVisitors.clear();
  }

  #writeEntries(out: MessagePackWriter, entries: readonly Entry[], counters: BatchCounters): void {
    out.array(entries.length);
    let place = 0;
    for (const entry of entries) {
      const retention = classOf(entry);
      place++;
      this.#indexes.add(entry, place, retention);
      counters.add(entry);
      const expiresAtMs = entry.timestamp + this.#options.retentionDays[retention] * DAY_MS;
      this.#entries.write(out, entry, place, retention, expiresAtMs);
    }
  }

  #writeIndexes(out: MessagePackWriter, generation: number): void {
    const opened = out.openArray();
    let size = 0;
    for (const table of this.#indexes.tables) {
      size += table.touched.length;
      for (const key of table.touched) {
        out.array(2 + key.count);
        out.raw(key.bytes);
        out.integer(key.armedIn === generation ? key.retention + ARMED : key.retention);
        key.armedIn = generation;
        for (let i = 0; i < key.count; i++) out.integer(key.places[i] as number);
      }
    }
    out.closeArray(opened, size);
    this.#indexes.clear();
  }

  #writeCounters(
    out: MessagePackWriter,
    groups: ReturnType<BatchCounters['counters']>,
    generation: number,
  ): void {
    out.array(groups.length);
    for (const { command, key, retention, counts } of groups) {
      out.array(3 + counts.size * 2);
      out.text(command);
      out.text(key);
      out.integer(this.#armCounter(key, retention, generation));
      for (const [field, count] of counts) {
        out.text(command === 'HINCRBY' ? String(field) : String(count));
        out.text(command === 'HINCRBY' ? String(count) : String(field));
      }
    }
  }

  #writeVisitors(
    out: MessagePackWriter,
    groups: ReturnType<BatchCounters['visitors']>,
    generation: number,
  ): void {
    out.array(groups.length);
    for (const { key, retention, values } of groups) {
      out.array(2 + values.length);
      out.text(key);
      out.integer(this.#armCounter(key, retention, generation));
      for (const value of values) out.text(value);
    }
  }

  /** Each shape: names of the fields, then of each index made of values: where the value stands, prefix, class. */
  #writeShapes(out: MessagePackWriter): void {
    const { shapes } = this.#entries;
    out.array(shapes.length);
    for (const { names, indexes } of shapes) {
      out.array(2);
      out.array(names.length);
      for (const name of names) out.text(name);
      out.array(indexes.length * 3);
      for (const { field, prefix, retention } of indexes) {
        out.integer(names.indexOf(field) + 1);
        out.text(prefix);
        out.integer(retention);
      }
    }
  }

  #armCounter(key: string, retention: number, generation: number): number {
    if (this.#armedCounters.get(key) === generation) return retention + ARMED;
    if (this.#armedCounters.size >= MAX_ARMED_COUNTERS) this.#armedCounters = new Map();
    this.#armedCounters.set(key, generation);
    return retention;
  }
}
