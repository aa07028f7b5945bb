import { join } from 'node:path';
import { addTo, type LevelCounts } from './level-counts.js';
import { countEntries, type EncodedChunk, entryBytes, readLine } from './spool-line.js';

/** A segment file as this process knows it. */
export interface Segment {
  /** Segments are read in the order of their numbers. */
  readonly number: number;
  readonly path: string;
  /** How much of the file counts; what lies behind it was never stored. */
  bytes: number;
  /** Entries not removed yet. */
  entries: number;
  /** About how many bytes the entries of each level have, removed ones included. Empty when the segment was adopted. */
  levelBytes: LevelCounts;
  /** A sealed segment is not appended to any more. */
  sealed: boolean;
}

const HEADER_START = 'tailrace-spool ';
const FORMAT_VERSION = 1;
/** Ends the name of a segment's new file while it is rewritten. */
export const TEMPORARY_SUFFIX = '.tmp';
const SEGMENT_NAME = /^(\d{6,15})\.spool$/;

/** First line of every segment. */
export function segmentHeader(writerId: string): Buffer {
  return Buffer.from(`${HEADER_START}${FORMAT_VERSION} ${writerId}\n`);
}

/** Whether a segment beginning with these bytes is of the format this version reads, or its header is damaged. */
export function isReadableFormat(start: Buffer): boolean {
  const version = /^tailrace-spool (\d+) /.exec(start.toString('latin1'))?.[1];
  return version === undefined || version === String(FORMAT_VERSION);
}

/** A segment of which nothing is on disk yet. */
export function newSegment(directory: string, number: number): Segment {
  const path = join(directory, `${String(number).padStart(6, '0')}.spool`);
  return { number, path, bytes: 0, entries: 0, levelBytes: {}, sealed: false };
}

/** @returns `undefined` for names of other files. */
export function segmentNumber(name: string): number | undefined {
  const digits = SEGMENT_NAME.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Where the first record of a segment begins. */
export function headerEnd(segment: Buffer): number {
  const hasHeader = segment.toString('latin1', 0, HEADER_START.length) === HEADER_START;
  const newline = hasHeader ? segment.indexOf('\n') : -1;
  return newline + 1;
}

/** Notes in the segment what lines appended to it hold. */
export function addLines(segment: Segment, chunks: readonly EncodedChunk[], bytes: number): void {
  segment.bytes += bytes;
  for (const { entries } of chunks) {
    segment.entries += entries.length;
    for (const entry of entries) addTo(segment.levelBytes, entry.level, entryBytes(entry));
  }
}

/** Counts the entries in whole lines. */
export function countSegment(segment: Buffer): number {
  let entries = 0;
  for (let at = headerEnd(segment); at < segment.length; ) {
    const { end, body } = readLine(segment, at);
    if (body !== undefined) entries += countEntries(body);
    at = end;
  }
  return entries;
}
