import { type Entry, MAX_PIECES, removeImplied } from '@tailrace/schema';
import type { BatchIndexes, EntryClass } from './batch-indexes.js';
import { EntryShape, NEXT_PIECE } from './entry-shape.js';
import { MessagePackWriter } from './message-pack.js';
import { textPieces } from './text-pieces.js';
import { ADD, LEAVE_OUT } from './value-index.js';

/** Past this many shapes, which only an application that makes up its fields reaches, they are learnt anew. */
const MAX_SHAPES = 2_000;

/** Encodes the entries of one call after the other: each as the values of its shape. */
export class EntryEncoder {
  readonly #indexes: BatchIndexes;
  #roots: Record<EntryClass, EntryShape>;
  #used: EntryShape[] = [];
  #texts: number[] = [];
  #generation = 0;
  #pieceBytes = 0;
  readonly #spans = new Int32Array(MAX_SPANS);
  #lastSeconds = Number.NaN;
  #lastEncoded: Uint8Array = new Uint8Array();

  constructor(indexes: BatchIndexes) {
    this.#indexes = indexes;
    this.#roots = this.#newRoots();
  }

  /**
   * Begins a call.
   *
   * @param generation the keys armed in it need no arming  @see Arming
   * @param pieceBytes longest value the server keeps compact; longer texts become `name`, `name~1`, `name~2`
   */
  begin(generation: number, pieceBytes: number): void {
    this.#texts = [];
    this.#generation = generation;
    this.#pieceBytes = pieceBytes;
    for (const shape of this.#used) shape.number = 0;
    this.#used = [];
    if (Object.values(this.#roots).some(({ treeSize }) => treeSize > MAX_SHAPES))
      this.#roots = this.#newRoots();
  }

  /** Where the JSON of each entry of the call begins and ends in what was written. */
  get texts(): readonly number[] {
    return this.#texts;
  }

  /** The shapes of the call, in the order of their numbers. */
  get shapes(): readonly EntryShape[] {
    return this.#used;
  }

  /**
   * Writes one entry for the batch script: number of its shape, expiry, the JSON for live readers, key, the values of its
   * hash, marks of its indexes. What the key or another field says is in neither; to leave it out, it is removed
   * from the entry.
   *
   * @param place of the entry in the call, from 1
   */
  write(
    out: MessagePackWriter,
    entry: Entry,
    place: number,
    retention: EntryClass,
    expiresAtMs: number,
  ): void {
    removeImplied(entry);
    const expiresAt = this.#encodedSeconds(expiresAtMs);
    const start = out.length;
    if (this.#writePlain(out, entry, place, retention, expiresAt)) return;
    out.length = start;
    this.#writeAny(out, entry, place, retention, expiresAt);
  }

  /**
   * The way nearly all entries go: their texts need no escape in JSON and are one byte a character. So the JSON is put
   * together as one text and written at once, and the values are copied from it, byte by byte, which is when they are
   * checked. Writing value by value takes twice the time.
   *
   * @returns `false` when there is a text of another kind
   */
  #writePlain(
    out: MessagePackWriter,
    entry: Entry,
    place: number,
    retention: EntryClass,
    expiresAt: Uint8Array,
  ): boolean {
    const spans = this.#spans;
    let shape = this.#roots[retention];
    let json = JSON_START + entry.id;
    let count = addSpan(spans, 0, JSON_START.length, json.length, true);
    json += shape.jsonBefore;
    let start = json.length;
    json += entry.timestamp;
    count = addSpan(spans, count, start, json.length, false);
    for (const name in entry) {
      const value = entry[name as keyof Entry];
      if (value === undefined || name === 'id' || name === 'timestamp') continue;
      const isText = typeof value === 'string';
      shape = shape.with(name, isText);
      json += shape.jsonBefore;
      start = json.length;
      if (typeof value !== 'object') {
        json += value;
      } else {
        const text = JSON.stringify(value);
        if (NOT_ASCII.test(text)) return false;
        json += text;
      }
      const size = json.length - start;
      if (size > MAX_PLAIN || count > MAX_SPANS - 3 * MAX_PIECES) return false;
      if (size > this.#pieceBytes && size <= this.#pieceBytes * MAX_PIECES) {
        const end = json.length - this.#pieceBytes;
        for (; start < end; start += this.#pieceBytes) {
          shape = shape.with(NEXT_PIECE, isText);
          count = addSpan(spans, count, start, start + this.#pieceBytes, isText);
        }
      }
      count = addSpan(spans, count, start, json.length, isText);
    }
    json += shape.jsonEnd;
    if (json.length > MAX_PLAIN || WIDE.test(json)) return false;
    this.#writeHead(out, shape, expiresAt);
    const from = out.latin1(json);
    for (let i = 0; i < count; i += 3) {
      const at = from + (spans[i] as number);
      if (!out.copy(at, from + (spans[i + 1] as number), spans[i + 2] === CHECKED)) return false;
    }
    out.text(this.#marks(entry, shape, place, lengthOf));
    this.#texts.push(from, from + json.length);
    return true;
  }

  /** The way of all other entries: value by value, as UTF-8. Lone surrogates become U+FFFD, in the hash and in the JSON. */
  #writeAny(
    out: MessagePackWriter,
    entry: Entry,
    place: number,
    retention: EntryClass,
    expiresAt: Uint8Array,
  ): void {
    let shape = this.#roots[retention];
    const values = [entry.id, String(entry.timestamp)];
    let json = JSON_START + escaped(entry.id) + shape.jsonBefore + entry.timestamp;
    for (const name in entry) {
      const value = entry[name as keyof Entry];
      if (value === undefined || name === 'id' || name === 'timestamp') continue;
      const isText = typeof value === 'string';
      shape = shape.with(name, isText);
      const text = isText ? value.toWellFormed() : JSON.stringify(value);
      json += shape.jsonBefore + (isText ? escaped(text) : text);
      for (const [i, piece] of textPieces(text, this.#pieceBytes).entries()) {
        if (i > 0) shape = shape.with(NEXT_PIECE, isText);
        values.push(piece);
      }
    }
    this.#writeHead(out, shape, expiresAt);
    this.#texts.push(out.text(json + shape.jsonEnd), out.length);
    for (const value of values) out.text(value);
    out.text(this.#marks(entry, shape, place, Buffer.byteLength));
  }

  #writeHead(out: MessagePackWriter, shape: EntryShape, expiresAt: Uint8Array): void {
    if (shape.number === 0) {
      this.#used.push(shape);
      shape.number = this.#used.length;
    }
    out.array(shape.names.length + 5);
    out.integer(shape.number);
    out.raw(expiresAt);
  }

  /**
   * A letter for each index of the shape; empty when there is nothing to do but to add to each.
   *
   * @param sizeOf gives the bytes of a value
   */
  #marks(entry: Entry, shape: EntryShape, place: number, sizeOf: (value: string) => number): string {
    let marks = '';
    let isNeeded = false;
    for (const index of shape.indexes) {
      const value = entry[index.field] as string;
      const mark = sizeOf(value) > this.#pieceBytes ? LEAVE_OUT : index.mark(value, this.#generation);
      if (mark === LEAVE_OUT) index.others.add(value, place);
      if (mark !== ADD) isNeeded = true;
      marks += mark;
    }
    return isNeeded ? marks : '';
  }

  #newRoots(): Record<EntryClass, EntryShape> {
    const { requests, errors, oauth, audit } = this.#indexes.valueIndexes;
    return {
      requests: EntryShape.root(requests),
      errors: EntryShape.root(errors),
      oauth: EntryShape.root(oauth),
      audit: EntryShape.root(audit),
    };
  }

  /** Entries of a batch expire in few different seconds. */
  #encodedSeconds(ms: number): Uint8Array {
    const seconds = Math.ceil(ms / 1000);
    if (seconds !== this.#lastSeconds) {
      this.#lastSeconds = seconds;
      this.#lastEncoded = MessagePackWriter.encoded(String(seconds));
    }
    return this.#lastEncoded;
  }
}

const JSON_START = '{"id":"';
/** Longest JSON that goes the plain way. */
const MAX_PLAIN = 0xffff;
/** Room for the spans of one entry, three numbers each. */
const MAX_SPANS = 3 * 256;
const CHECKED = 1;
/** Two bytes a character. V8 knows without looking that a text of one byte a character has none. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range begins at 0
const WIDE = /[^\x00-\xff]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is allowed
const NOT_ASCII = /[^\x00-\x7f]/;

/** Where a value stands in the JSON, and whether it is a text, which must be checked. @returns the new count */
function addSpan(spans: Int32Array, count: number, start: number, end: number, isText: boolean): number {
  spans[count] = start;
  spans[count + 1] = end;
  spans[count + 2] = isText ? CHECKED : 0;
  return count + 3;
}

function lengthOf(value: string): number {
  return value.length;
}

/** A text as it stands between the quotes of a JSON string. */
function escaped(text: string): string {
  return JSON.stringify(text.toWellFormed()).slice(1, -1);
}
