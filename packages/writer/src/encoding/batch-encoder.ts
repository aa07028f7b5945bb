import { createHash } from 'node:crypto';
import {
  canonicalEntry,
  classOf,
  DAY_MS,
  type Entry,
  type IndexSettings,
  type Keyspace,
  MIN_PIECE_BYTES,
  type RetentionDays,
} from '@tailrace/schema';
import { BatchCounters } from './batch-counters.js';
import { BatchIndexes } from './batch-indexes.js';
import { BoundedValues } from './bounded-values.js';
import { EntryEncoder } from './encode-entry.js';
import { ExpiryRefresh, expiryCode } from './expiry-refresh.js';
import { MessagePackWriter } from './message-pack.js';
import { HEADROOM, type Payload, type PayloadPool } from './payload.js';
import { RespArguments } from './resp-arguments.js';

const SCRATCH_BYTES = 1 << 18;
const MAX_SCRATCH_BYTES = 1 << 22;

/** What an encoder depends on. */
export interface BatchEncoderOptions {
  readonly keyspace: Keyspace;
  readonly retentionDays: RetentionDays;
  readonly indexSettings: IndexSettings;
  readonly now: () => number;
  readonly pool: PayloadPool;
}

/** Encodes chunks as payloads of the batch script. */
export class BatchEncoder {
  readonly #options: BatchEncoderOptions;
  readonly #indexes: BatchIndexes;
  readonly #entries: EntryEncoder;
  readonly #counters: BatchCounters;
  readonly #expiry = new ExpiryRefresh();
  /** Place and hash of each audit entry of the chunk, in turns. */
  #audits: (number | string)[] = [];
  /** What is written beside the JSON, until it is copied behind it. */
  #scratch: Buffer = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

  /** Longest value the server keeps compact in a hash, in bytes; longer texts are stored in pieces. */
  pieceBytes = MIN_PIECE_BYTES;

  constructor(options: BatchEncoderOptions) {
    this.#options = options;
    const outside = new BoundedValues();
    this.#indexes = new BatchIndexes(options.keyspace, { ...options.indexSettings, outside });
    this.#entries = new EntryEncoder(this.#indexes);
    this.#counters = new BatchCounters(options.keyspace, outside);
  }

  /** Encodes the entries of one chunk, whose ids are set. */
  encode(entries: readonly Entry[]): Payload {
    // Left over only when encoding failed before.
    this.#indexes.clear();
    this.#counters.clear();
    this.#audits = [];
    const generation = this.#expiry.generation(this.#options.now());
    const args = new RespArguments(this.#options.pool.take(), HEADROOM);
    const out = new MessagePackWriter(this.#scratch);
    this.#entries.begin(generation, this.pieceBytes);
    this.#writeEntries(args, out, entries);
    const rest = out.length;
    this.#writeShaped(out);
    this.#writeIndexes(out, generation);
    this.#writeCounters(out, generation);
    this.#writeVisitors(out, generation);
    this.#writeShapes(out);
    this.#writeAudits(out);
    this.#scratch = out.buffer.length > MAX_SCRATCH_BYTES ? this.#scratch : out.buffer;
    args.bytes(out.buffer.subarray(0, out.length));
    return {
      buffer: args.buffer,
      end: args.length,
      texts: this.#entries.texts,
      rest,
      firstExpiry: this.#entries.firstExpiry,
      highestScore: this.#entries.highestScore,
    };
  }

  /** The next chunk refreshes every expiry and has every visitor: what was encoded before may not be in Redis. */
  forgetSent(): void {
    this.#expiry.forget();
    this.#counters.forgetVisitors();
  }

  #writeEntries(args: RespArguments, out: MessagePackWriter, entries: readonly Entry[]): void {
    let place = 0;
    for (const entry of entries) {
      const retention = classOf(entry);
      place++;
      this.#indexes.add(entry, place, retention);
      if (retention === 'audit') this.#audits.push(place, hashOf(entry));
      this.#counters.add(entry);
      const expiresAtMs = entry.timestamp + this.#options.retentionDays[retention] * DAY_MS;
      this.#entries.write(args, out, entry, place, retention, expiresAtMs);
    }
  }

  /** Number of the shape of each entry. */
  #writeShaped(out: MessagePackWriter): void {
    const { shaped } = this.#entries;
    out.array(shaped.length);
    for (const number of shaped) out.integer(number);
  }

  #writeIndexes(out: MessagePackWriter, generation: number): void {
    const opened = out.openArray();
    let size = 0;
    for (const table of this.#indexes.tables) {
      for (const key of table.touched) {
        size += 3 + key.count;
        out.raw(key.bytes);
        out.integer(expiryCode(key, generation));
        out.integer(key.count);
        for (let i = 0; i < key.count; i++) out.integer(key.places[i] as number);
      }
    }
    out.closeArray(opened, size);
    this.#indexes.clear();
  }

  #writeCounters(out: MessagePackWriter, generation: number): void {
    const keys = this.#counters.counters();
    out.array(keys.length);
    for (const key of keys) {
      out.array(3 + key.size * 2);
      out.text(key.command);
      out.raw(key.bytes);
      out.integer(expiryCode(key, generation));
      key.write(out);
    }
  }

  #writeVisitors(out: MessagePackWriter, generation: number): void {
    const keys = this.#counters.visitors();
    out.array(keys.length);
    for (const key of keys) {
      out.array(2 + key.values.length);
      out.raw(key.bytes);
      out.integer(expiryCode(key, generation));
      for (const value of key.values) out.text(value);
    }
    this.#counters.clear();
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

  /** The trail's key, then place and hash of each audit entry. */
  #writeAudits(out: MessagePackWriter): void {
    const audits = this.#audits;
    out.array(audits.length === 0 ? 0 : audits.length + 1);
    if (audits.length > 0) out.text(this.#options.keyspace.proof('trail'));
    for (const value of audits) {
      if (typeof value === 'number') out.integer(value);
      else out.text(value);
    }
  }
}

/** SHA-256 of the canonical form. */
function hashOf(entry: Entry): string {
  return createHash('sha256').update(canonicalEntry(entry)).digest('base64url');
}
