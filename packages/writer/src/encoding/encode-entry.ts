import {
  ENTRY_CLASSES,
  type Entry,
  type EntryClass,
  MAX_PIECES,
  removeImplied,
  scoreOf,
} from '@tailrace/schema';
import type { BatchIndexes } from './batch-indexes.js';
import { EntryShape, JSON_START, NEXT_PIECE } from './entry-shape.js';
import { jsonTextOf } from './json-text.js';
import type { MessagePackWriter } from './message-pack.js';
import { PlainValues } from './plain-values.js';
import type { RespArguments } from './resp-arguments.js';
import { textPieces } from './text-pieces.js';
import { ADD, LEAVE_OUT } from './value-index.js';

/** Past this many shapes, which only an application that makes up its fields reaches, they are learnt anew. */
const MAX_SHAPES = 2_000;

/** Encodes the entries of one chunk after the other: each as the values of its shape. */
export class EntryEncoder {
  readonly #indexes: BatchIndexes;
  #roots: Record<EntryClass, EntryShape>;
  #used: EntryShape[] = [];
  #shaped: number[] = [];
  #texts: number[] = [];
  #generation = 0;
  #firstExpiry = Number.POSITIVE_INFINITY;
  #highestScore = 0;
  #pieceBytes = 0;
  readonly #values = new PlainValues();

  constructor(indexes: BatchIndexes) {
    this.#indexes = indexes;
    this.#roots = this.#newRoots();
  }

  /**
   * Begins a chunk.
   *
   * @param generation keys refreshed in it need no refresh  @see ExpiryRefresh
   * @param pieceBytes longest value the server keeps compact; longer texts become `name`, `name~1`, `name~2`
   */
  begin(generation: number, pieceBytes: number): void {
    this.#shaped = [];
    this.#texts = [];
    this.#firstExpiry = Number.MAX_SAFE_INTEGER;
    this.#highestScore = 0;
    this.#generation = generation;
    this.#pieceBytes = pieceBytes;
    for (const shape of this.#used) shape.number = 0;
    this.#used = [];
    if (Object.values(this.#roots).some(({ treeSize }) => treeSize > MAX_SHAPES))
      this.#roots = this.#newRoots();
  }

  /** Where the JSON of each entry of the chunk begins and ends in the buffer of the arguments. */
  get texts(): readonly number[] {
    return this.#texts;
  }

  /** When the first of the chunk's entries expires, in epoch seconds. */
  get firstExpiry(): number {
    return this.#firstExpiry;
  }

  get highestScore(): number {
    return this.#highestScore;
  }

  /** Number of the shape of each entry of the chunk, from 1. */
  get shaped(): readonly number[] {
    return this.#shaped;
  }

  /** The shapes of the chunk, in the order of their numbers. */
  get shapes(): readonly EntryShape[] {
    return this.#used;
  }

  /**
   * Writes one entry for the batch script: the JSON for live readers as an argument of its own, and into the payload expiry,
   * key, the values of its hash, marks of its indexes. What the key or another field says is in neither; to leave it
   * out, it is removed from the entry.
   *
   * @param place of the entry in the chunk, from 1
   */
  write(
    args: RespArguments,
    out: MessagePackWriter,
    entry: Entry,
    place: number,
    retention: EntryClass,
    expiresAtMs: number,
  ): void {
    removeImplied(entry);
    const expiresAt = Math.max(0, Math.ceil(expiresAtMs / 1000));
    if (expiresAt < this.#firstExpiry) this.#firstExpiry = expiresAt;
    const score = scoreOf(entry);
    if (score > this.#highestScore) this.#highestScore = score;
    const start = out.length;
    if (this.#writePlain(args, out, entry, place, retention, expiresAt)) return;
    out.length = start;
    this.#writeAny(args, out, entry, place, retention, expiresAt);
  }

  /** The way nearly all entries go. @returns `false` when there is a value that is not plain */
  #writePlain(
    args: RespArguments,
    out: MessagePackWriter,
    entry: Entry,
    place: number,
    retention: EntryClass,
    expiresAt: number,
  ): boolean {
    const values = this.#values;
    const shape = this.#collect(entry, this.#roots[retention]);
    const jsonSize = shape && values.jsonSize(shape);
    if (shape === undefined || jsonSize === undefined) return false;
    this.#writeHead(out, shape, place, expiresAt, scoreOf(entry));
    const buffer = out.roomFor(values.size);
    const json = args.room(jsonSize);
    const end = values.write(args.buffer, json, buffer, out.length, shape);
    if (end === -1) return false;
    args.add(json + jsonSize);
    out.length = end;
    out.text(this.#marks(entry, shape, place, lengthOf));
    this.#texts.push(json, json + jsonSize);
    return true;
  }

  /** Collects the values of an entry. @returns its shape; `undefined` when a value is not plain */
  #collect(entry: Entry, root: EntryShape): EntryShape | undefined {
    const values = this.#values;
    let shape = root;
    if (entry.timestamp < 0) return undefined;
    values.clear();
    values.addText(entry.id, 0, entry.id.length);
    values.addInteger(entry.timestamp);
    for (const name in entry) {
      const value = entry[name as keyof Entry];
      if (value === undefined || name === 'id' || name === 'timestamp') continue;
      const isText = typeof value === 'string';
      shape = shape.with(name, isText);
      if (isSmallInteger(value)) {
        values.addInteger(value);
        continue;
      }
      if (typeof value === 'number' && isThousandths(value)) {
        values.addThousandths(Math.round(value * 1_000));
        continue;
      }
      const text = isText ? value : jsonTextOf(value);
      if (!isText && NOT_ASCII.test(text)) return undefined;
      let start = 0;
      if (text.length > this.#pieceBytes && text.length <= this.#pieceBytes * MAX_PIECES) {
        for (; start + this.#pieceBytes < text.length; start += this.#pieceBytes) {
          this.#collectPiece(text, start, start + this.#pieceBytes, isText);
          shape = shape.with(NEXT_PIECE, isText);
        }
      }
      this.#collectPiece(text, start, text.length, isText);
      if (!values.hasRoomFor(MAX_PIECES + 1)) return undefined;
    }
    return shape;
  }

  #collectPiece(text: string, start: number, end: number, isText: boolean): void {
    if (isText) this.#values.addText(text, start, end);
    else this.#values.addJson(text, start, end);
  }

  /** The way of all other entries: value by value, as UTF-8. Lone surrogates become U+FFFD, in the hash and in the JSON. */
  #writeAny(
    args: RespArguments,
    out: MessagePackWriter,
    entry: Entry,
    place: number,
    retention: EntryClass,
    expiresAt: number,
  ): void {
    let shape = this.#roots[retention];
    const values = [entry.id, String(entry.timestamp)];
    let json = JSON_START + escaped(entry.id) + shape.jsonBefore + entry.timestamp;
    for (const name in entry) {
      const value = entry[name as keyof Entry];
      if (value === undefined || name === 'id' || name === 'timestamp') continue;
      const isText = typeof value === 'string';
      shape = shape.with(name, isText);
      const text = isText ? value.toWellFormed() : jsonTextOf(value);
      json += shape.jsonBefore + (isText ? escaped(text) : text);
      for (const [i, piece] of textPieces(text, this.#pieceBytes).entries()) {
        if (i > 0) shape = shape.with(NEXT_PIECE, isText);
        values.push(piece);
      }
    }
    this.#writeHead(out, shape, place, expiresAt, scoreOf(entry));
    const bytes = Buffer.from(json + shape.jsonEnd);
    const at = args.bytes(bytes);
    this.#texts.push(at, at + bytes.length);
    for (const value of values) out.text(value);
    out.text(this.#marks(entry, shape, place, Buffer.byteLength));
  }

  #writeHead(
    out: MessagePackWriter,
    shape: EntryShape,
    place: number,
    expiresAt: number,
    score: number,
  ): void {
    if (shape.number === 0) {
      this.#used.push(shape);
      shape.number = this.#used.length;
    }
    this.#shaped[place - 1] = shape.number;
    out.decimal(expiresAt);
    if (score < 0) out.text(String(score));
    else out.decimal(score);
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
    const { valueIndexes } = this.#indexes;
    const roots = ENTRY_CLASSES.map((name) => [name, EntryShape.root(valueIndexes[name])]);
    return Object.fromEntries(roots) as Record<EntryClass, EntryShape>;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is allowed
const NOT_ASCII = /[^\x00-\x7f]/;

/** Statuses, sizes, counts: what is written without making a text of it. */
function isSmallInteger(value: unknown): value is number {
  return typeof value === 'number' && (value | 0) === value && value >= 0 && !Object.is(value, -0);
}

/** Whether the number is written with three digits behind the point at most. It is no {@link isSmallInteger small integer}. */
function isThousandths(value: number): boolean {
  const thousandths = Math.round(value * 1_000);
  return thousandths > 0 && thousandths < MAX_THOUSANDTHS && thousandths / 1_000 === value;
}

const MAX_THOUSANDTHS = 2 ** 31;

function lengthOf(value: string): number {
  return value.length;
}

/** A text as it stands between the quotes of a JSON string. */
function escaped(text: string): string {
  return JSON.stringify(text.toWellFormed()).slice(1, -1);
}
