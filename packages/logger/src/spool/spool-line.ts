import { crc32 } from 'node:zlib';
import {
  decodeStreamEntry,
  type Entry,
  kindOfId,
  type Level,
  levelOfStatus,
  removeImplied,
} from '@tailrace/schema';
import type { SpooledChunk } from './spooled-chunk.js';
import { readSpooledEntry } from './spooled-entry.js';

/** An entry as it stands in a record: the JSON that also stands in the stream. */
export interface EncodedEntry {
  readonly text: string;
  readonly bytes: number;
  readonly level: Level;
}

/** A chunk ready to be written; entries may be taken out of it until then. */
export interface EncodedChunk {
  /** JSON of its number and counts. */
  readonly head: string;
  entries: readonly EncodedEntry[];
}

/** A line of a segment, cut out and checked but not decoded. */
export interface RecordLine {
  /** Where the next line begins. */
  readonly end: number;
  /** `undefined` when the line is torn or damaged. */
  readonly body: Buffer | undefined;
}

/** CRC-32 and length of the body, eight hexadecimal digits each, and a space behind each. */
const PREFIX_BYTES = 18;
const PREFIX = /^[0-9a-f]{8} [0-9a-f]{8} $/;
const NEWLINE = 0x0a;
/** Separates the JSON texts of a record, inside which it only stands escaped. */
const SEPARATOR = '\t';

/** The entries given are left as they are; ones that {@link removeImplied} has been through are understood. */
export function encodeChunk({ number, entries, counts }: SpooledChunk): EncodedChunk {
  return { head: JSON.stringify({ number, counts }), entries: entries.map(encodeEntry) };
}

function encodeEntry(entry: Entry): EncodedEntry {
  const stored = { ...entry, kind: entry.kind ?? kindOfId(entry.id) };
  removeImplied(stored);
  const text = JSON.stringify(stored);
  return { text, bytes: Buffer.byteLength(text), level: entry.level ?? levelOfStatus(entry.status_code) };
}

/** Bytes of the chunk's line without its entries. */
export function headBytes(chunk: EncodedChunk): number {
  return PREFIX_BYTES + Buffer.byteLength(chunk.head) + 1;
}

/** Bytes one entry adds to its line. */
export function entryBytes(entry: EncodedEntry): number {
  return 1 + entry.bytes;
}

/** Bytes of the line {@link encodeLine} makes. */
export function lineBytes(chunk: EncodedChunk): number {
  return chunk.entries.reduce((bytes, entry) => bytes + entryBytes(entry), headBytes(chunk));
}

/** Where the chunks from `start` end whose lines fit into so many bytes; the first one always does. */
export function fittingEnd(chunks: readonly EncodedChunk[], start: number, maxBytes: number): number {
  let bytes = 0;
  for (let end = start; end < chunks.length; end++) {
    bytes += lineBytes(chunks[end] as EncodedChunk);
    if (bytes > maxBytes && end > start) return end;
  }
  return chunks.length;
}

/** `crc length {"number":…,"counts":…}⇥{entry}⇥{entry}…⏎` */
export function encodeLine(chunk: EncodedChunk): Buffer {
  const line = Buffer.allocUnsafe(lineBytes(chunk));
  const end = line.length - 1;
  line.write([chunk.head, ...chunk.entries.map(({ text }) => text)].join(SEPARATOR), PREFIX_BYTES);
  line.write(`${hex(crc32(line.subarray(PREFIX_BYTES, end)))} ${hex(end - PREFIX_BYTES)} `, 'latin1');
  line[end] = NEWLINE;
  return line;
}

/** Cuts out the line that begins at `start`. A last line that lacks nothing but its end is whole. */
export function readLine(segment: Buffer, start: number): RecordLine {
  const end = lineEnd(segment, start);
  const stop = segment[end - 1] === NEWLINE ? end - 1 : end;
  const prefix = segment.toString('latin1', start, Math.min(start + PREFIX_BYTES, stop));
  const body = segment.subarray(Math.min(start + PREFIX_BYTES, stop), stop);
  const isWhole = PREFIX.test(prefix) && prefix === `${hex(crc32(body))} ${hex(body.length)} `;
  return { end, body: isWhole ? body : undefined };
}

/** Where the line ends that begins at `start`: behind its newline, or with the segment. */
export function lineEnd(segment: Buffer, start: number): number {
  const newline = segment.indexOf(NEWLINE, start);
  return newline === -1 ? segment.length : newline + 1;
}

/** How many entries a record has, without decoding it. */
export function countEntries(body: Buffer): number {
  let count = 0;
  for (let at = body.indexOf(SEPARATOR); at !== -1; at = body.indexOf(SEPARATOR, at + 1)) count++;
  return count;
}

/** What a record holds. */
export interface DecodedChunk {
  readonly chunk: SpooledChunk;
  /** What is wrong with each entry that was left out. */
  readonly faults: readonly string[];
}

/**
 * @param keyPrefix what the ids of its entries begin with
 * @returns `undefined` when the record is none of ours, its checksum notwithstanding.
 */
export function decodeChunk(body: Buffer, keyPrefix: string): DecodedChunk | undefined {
  const [head, ...texts] = body.toString().split(SEPARATOR);
  const { number, counts } = parseHead(head as string) ?? {};
  if (!Number.isSafeInteger(number) || (number as number) < 0) return undefined;
  const read = texts.map((text) => readSpooledEntry(text, keyPrefix));
  const entries = read.map(({ entry }) => entry).filter((entry) => entry !== undefined);
  const faults = read.map(({ fault }) => fault).filter((fault) => fault !== undefined);
  return { chunk: { number: number as number, counts, entries }, faults };
}

function parseHead(head: string): { readonly number?: unknown; readonly counts?: unknown } | undefined {
  try {
    return JSON.parse(head) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Takes a record apart so that entries can be taken out of it; their texts stay as they are, byte for byte. */
export function openBody(body: Buffer): EncodedChunk {
  const [head, ...texts] = body.toString().split(SEPARATOR);
  const entries = texts.map((text) => ({ text, bytes: Buffer.byteLength(text), level: levelOfText(text) }));
  return { head: head as string, entries };
}

/** What cannot be read is worth least. */
function levelOfText(text: string): Level {
  return decodeStreamEntry(text)?.level ?? 'TRACE';
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
