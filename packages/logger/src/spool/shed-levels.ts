import { LEVEL_NAMES, LEVELS, type Level } from '@tailrace/schema';
import { addTo, type LevelCounts } from './level-counts.js';
import type { Segment } from './segment.js';
import { type EncodedChunk, entryBytes, headBytes } from './spool-line.js';

/** Of a segment that is rewritten at least this share of the level goes: a full spool would rewrite it for each batch. */
const LEAST_SHARE = 1 / 8;

/** What is to be left out of a segment: the newest entries of a level, until so many bytes are free or none is left. */
export interface Reduction {
  readonly segment: Segment;
  readonly level: Level;
  readonly excessBytes: number;
}

/** What {@link makeRoom} works with. */
export interface LevelShedding {
  /** The calls that come; entries are taken out of them. */
  readonly incoming: readonly EncodedChunk[];
  readonly segments: readonly Segment[];
  /** By how much the files would be too large with what still comes. */
  readonly excessBytes: () => number;
  /** The lowest level that is about to be lost behind what comes: for it, what comes may go as a whole when it is lower. */
  readonly threatened: Level | undefined;
  /** Whether only what is lower than `threatened` may go. */
  readonly isLimited: boolean;
}

/**
 * Lets the lowest levels give way, in what comes and in the spool, until both fit; of one level, what is stored stays.
 * Yields what is to be done to segments, before it goes on.
 *
 * @returns what was taken out of the incoming chunks; `undefined` when all of it would have to go, and may not.
 */
export function* makeRoom({
  incoming,
  segments,
  excessBytes,
  threatened,
  isLimited,
}: LevelShedding): Generator<Reduction, LevelCounts | undefined> {
  const dropped: LevelCounts = {};
  const rank = threatened === undefined ? 0 : LEVELS[threatened];
  const mayGo = incoming.every(({ entries }) => entries.every(({ level }) => LEVELS[level] < rank));
  for (const level of LEVEL_NAMES) {
    if (excessBytes() <= 0) break;
    if (isLimited && LEVELS[level] >= rank) return undefined;
    addTo(dropped, level, takeOutNewest(incoming, level, excessBytes()));
    if (!incoming.some(hasEntries)) return mayGo ? dropped : undefined;
    for (const segment of richestIn(level, segments)) {
      if (excessBytes() <= 0) break;
      const leastBytes = (segment.levelBytes[level] ?? 0) * LEAST_SHARE;
      yield { segment, level, excessBytes: Math.max(excessBytes(), leastBytes) };
    }
  }
  return dropped;
}

/** Segments with entries of the level; to rewrite those with most of them frees most for the least work. */
function richestIn(level: Level, segments: readonly Segment[]): Segment[] {
  const bytesOf = (segment: Segment) => segment.levelBytes[level] ?? 0;
  return segments
    .filter((segment) => bytesOf(segment) > 0)
    .toSorted((one, other) => bytesOf(other) - bytesOf(one));
}

/**
 * Takes entries of one level out of chunks, newest first, until their lines are `excessBytes` shorter or none of the
 * level is left. A chunk whose entries are all gone is not written, so it gives its whole line.
 *
 * @returns how many entries were taken out.
 */
export function takeOutNewest(chunks: readonly EncodedChunk[], level: Level, excessBytes: number): number {
  let freedBytes = 0;
  let count = 0;
  for (const chunk of chunks.toReversed()) {
    if (freedBytes >= excessBytes) break;
    const kept = chunk.entries.toReversed().filter((entry) => {
      if (entry.level !== level || freedBytes >= excessBytes) return true;
      freedBytes += entryBytes(entry);
      count++;
      return false;
    });
    if (kept.length === 0 && chunk.entries.length > 0) freedBytes += headBytes(chunk);
    chunk.entries = kept.reverse();
  }
  return count;
}

/** Whether anything is left in a chunk. */
export function hasEntries({ entries }: EncodedChunk): boolean {
  return entries.length > 0;
}
