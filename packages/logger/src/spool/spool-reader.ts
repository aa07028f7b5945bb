import { readFileSync, rmSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { turnOfTheLoop } from '../real-timers.js';
import { type ReducedSegment, reduceSegment } from './reduce-segment.js';
import { isDiskFull, overwriteSegment, overwriteSegmentSync, replaceSegment } from './rewrite-segment.js';
import { headerEnd, type Segment } from './segment.js';
import type { Reduction } from './shed-levels.js';
import type { SpoolDirectory } from './spool-directory.js';
import { decodeChunk, readLine } from './spool-line.js';
import type { SpooledChunk } from './spooled-chunk.js';

/** The first segment while it is read. */
interface OpenSegment {
  readonly segment: Segment;
  readonly buffer: Buffer;
  /** Where its first record begins. */
  readonly start: number;
  /** Where the first record begins that was not removed. */
  at: number;
  peeked: PeekedChunk | undefined;
}

interface PeekedChunk {
  readonly chunk: SpooledChunk;
  /** Where the next record begins. */
  readonly end: number;
  /** Entries in its line: more than in the chunk when some cannot be stored. */
  readonly entries: number;
}

/**
 * Reads segments in order, one at a time in memory, and removes each when it is through. Not for use by two callers at
 * once: spools see to that.
 */
export class SpoolReader {
  readonly #directory: SpoolDirectory;
  /** Oldest first; shared with who appends. */
  readonly #segments: Segment[];
  readonly #keyPrefix: string;
  readonly #onTaken: (entries: number) => void;
  #fault: string | undefined;
  #open: OpenSegment | undefined;
  /** For segments being rewritten, one after the other: a Buffer for each would pile up until V8 cleans its old space. */
  #scratch = Buffer.alloc(0);
  /** Torn and damaged lines that were skipped. */
  damagedRecords = 0;
  /** Entries known to have been in what was damaged or is missing. */
  lostEntries = 0;

  /** @param onTaken told when the directory is gone, with how many entries in it */
  constructor(directory: SpoolDirectory, segments: Segment[], onTaken: (entries: number) => void) {
    this.#directory = directory;
    this.#keyPrefix = directory.keyPrefix;
    this.#segments = segments;
    this.#onTaken = onTaken;
  }

  get entries(): number {
    return this.#segments.reduce((sum, { entries }) => sum + entries, 0);
  }

  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Bytes of the first segment that were removed but are on disk still. */
  get consumedBytes(): number {
    return this.#open === undefined ? 0 : this.#open.at - this.#open.start;
  }

  /** What was wrong with the entry left out last, although its line is whole; each is told once. */
  takeFault(): string | undefined {
    const fault = this.#fault;
    this.#fault = undefined;
    return fault;
  }

  /** @throws what the file system says; the spool is as before then. */
  async peek(): Promise<SpooledChunk | undefined> {
    for (let segment = this.#segments[0]; segment !== undefined; segment = this.#segments[0]) {
      this.#open ??= await this.#load(segment);
      if (this.#open === undefined) continue;
      this.#open.peeked ??= this.#decodeNext(this.#open);
      if (this.#open.peeked !== undefined) return this.#open.peeked.chunk;
      this.lostEntries += segment.entries;
      await this.#discard(segment);
    }
    return undefined;
  }

  async removeOldest(): Promise<void> {
    const open = this.#open;
    if (open?.peeked === undefined) return;
    open.segment.entries -= open.peeked.entries;
    this.lostEntries += open.peeked.entries - open.peeked.chunk.entries.length;
    open.at = open.peeked.end;
    open.peeked = undefined;
    if (open.at < open.buffer.length) return;
    this.lostEntries += open.segment.entries;
    await this.#discard(open.segment);
  }

  /** Looks whether the directory is still ours. When it is not, every segment is forgotten. */
  async noticeLoss(): Promise<boolean> {
    if (!(await this.#directory.noticeLoss())) return false;
    const { entries } = this;
    for (const segment of this.#segments.splice(0)) segment.sealed = true;
    this.#open = undefined;
    this.#onTaken(entries);
    return true;
  }

  /** Bytes of the first segment that were removed go from the disk. The record that was peeked stays. */
  async compact(header: Buffer, fsync: boolean): Promise<void> {
    const open = this.#open;
    if (open !== undefined) await this.#reduce(open.segment, open.buffer, header, undefined, fsync);
  }

  /**
   * Rewrites a segment without what was removed and without part of its entries: into a second file or, when the disk has
   * no room for one, in place. The record that was peeked stays whole, since it may be on its way to Redis.
   *
   * @returns how many entries were left out.
   */
  async reduce(reduction: Reduction, header: Buffer, fsync: boolean): Promise<number> {
    const { segment } = reduction;
    const buffer = this.#openBuffer(segment) ?? (await this.#readIntoScratch(segment));
    return this.#reduce(segment, buffer, header, reduction, fsync);
  }

  /** As {@link reduce}, in place, for a process that ends. Nothing is peeked after it. */
  reduceSync(reduction: Reduction, fsync: boolean): number {
    const { segment } = reduction;
    const buffer = this.#openBuffer(segment) ?? readFileSync(segment.path).subarray(0, segment.bytes);
    const steps = this.#steps(segment, buffer, reduction);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    const { entries, lines } = step.value;
    if (isInVain(step.value, reduction)) return this.#settle(segment, step.value, reduction);
    if (entries === 0) rmSync(segment.path, { force: true });
    else
      segment.bytes = overwriteSegmentSync({
        path: segment.path,
        segment: buffer,
        start: headerEnd(buffer),
        lines,
        fsync,
      });
    if (entries === 0) this.#forget(segment);
    return this.#settle(segment, step.value, reduction);
  }

  async #reduce(
    segment: Segment,
    buffer: Buffer,
    header: Buffer,
    reduction: Reduction | undefined,
    fsync: boolean,
  ): Promise<number> {
    const steps = this.#steps(segment, buffer, reduction);
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) await turnOfTheLoop();
    const { entries, lines } = step.value;
    if (entries === 0) await this.#discard(segment);
    else if (!isInVain(step.value, reduction))
      await this.#rewrite(segment, buffer, [header, ...lines], fsync);
    return this.#settle(segment, step.value, reduction);
  }

  #openBuffer(segment: Segment): Buffer | undefined {
    return this.#open?.segment === segment ? this.#open.buffer : undefined;
  }

  #steps(segment: Segment, buffer: Buffer, reduction: Reduction | undefined) {
    const open = this.#open?.segment === segment ? this.#open : undefined;
    const start = open?.at ?? headerEnd(buffer);
    return reduceSegment(buffer, start, open?.peeked?.end ?? start, reduction);
  }

  /** Notes what became of a segment. @returns how many entries were left out. */
  #settle(segment: Segment, reduced: ReducedSegment, reduction: Reduction | undefined): number {
    if (reduction !== undefined) noteReduction(reduction, reduced.freedBytes);
    if (isInVain(reduced, reduction)) return 0;
    this.damagedRecords += reduced.damagedRecords;
    this.lostEntries += segment.entries - reduced.entries - reduced.dropped;
    segment.entries = reduced.entries;
    return reduced.dropped;
  }

  /** @returns what is good until the next segment is read so. */
  async #readIntoScratch({ path, bytes }: Segment): Promise<Buffer> {
    if (this.#scratch.length < bytes) this.#scratch = Buffer.allocUnsafeSlow(bytes);
    const file = await open(path);
    try {
      let end = 0;
      for (let read = -1; end < bytes && read !== 0; end += read)
        read = (await file.read(this.#scratch, end, bytes - end)).bytesRead;
      return this.#scratch.subarray(0, end);
    } finally {
      await file.close();
    }
  }

  /** @param lines the new content, the header first */
  async #rewrite(
    segment: Segment,
    buffer: Buffer,
    lines: readonly [Buffer, ...Buffer[]],
    fsync: boolean,
  ): Promise<void> {
    const end = headerEnd(buffer);
    let header: Buffer = lines[0];
    try {
      segment.bytes = await replaceSegment(segment.path, lines, fsync);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      header = buffer.subarray(0, end);
      segment.bytes = await overwriteSegment({
        path: segment.path,
        segment: buffer,
        start: end,
        lines: lines.slice(1),
        fsync,
      });
    }
    segment.sealed = true;
    if (this.#open?.segment === segment)
      this.#open = reopen(this.#open, Buffer.concat([header, ...lines.slice(1)]));
  }

  /** @returns `undefined` when the file is gone; it was forgotten then. */
  async #load(segment: Segment): Promise<OpenSegment | undefined> {
    segment.sealed = true;
    try {
      const buffer = await readSegment(segment);
      const start = headerEnd(buffer);
      return { segment, buffer, start, at: start, peeked: undefined };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      if (await this.noticeLoss()) return undefined;
      this.lostEntries += segment.entries;
      this.#forget(segment);
      return undefined;
    }
  }

  #decodeNext(open: OpenSegment): PeekedChunk | undefined {
    while (open.at < open.buffer.length) {
      const { end, body } = readLine(open.buffer, open.at);
      const { chunk, faults = [] } = (body && decodeChunk(body, this.#keyPrefix)) ?? {};
      this.#fault = faults.at(-1) ?? this.#fault;
      const entries = chunk === undefined ? 0 : chunk.entries.length + faults.length;
      if (chunk !== undefined && chunk.entries.length > 0) return { chunk, end, entries };
      if (chunk === undefined) this.damagedRecords++;
      open.segment.entries -= entries;
      this.lostEntries += entries;
      open.at = end;
    }
    return undefined;
  }

  async #discard(segment: Segment): Promise<void> {
    this.#forget(segment);
    // A file that cannot be removed is read again by the next process, and Redis skips what it has.
    await rm(segment.path, { force: true }).catch(() => undefined);
  }

  #forget(segment: Segment): void {
    if (this.#open?.segment === segment) this.#open = undefined;
    const index = this.#segments.indexOf(segment);
    if (index !== -1) this.#segments.splice(index, 1);
    if (this.#segments.length === 0) this.#scratch = Buffer.alloc(0);
  }
}

/** Nothing was found to be left out: the segment stays as it is. */
function isInVain({ dropped, entries }: ReducedSegment, reduction: Reduction | undefined): boolean {
  return reduction !== undefined && dropped === 0 && entries > 0;
}

/** What may still be found in the segment of a level: nothing, when less was found than was looked for. */
function noteReduction({ segment, level, excessBytes }: Reduction, freedBytes: number): void {
  const leftBytes = (segment.levelBytes[level] ?? 0) - freedBytes;
  segment.levelBytes[level] = freedBytes < excessBytes ? 0 : Math.max(0, leftBytes);
}

async function readSegment({ path, bytes }: Segment): Promise<Buffer> {
  const buffer = await readFile(path);
  return buffer.subarray(0, bytes);
}

/** The same segment after it was rewritten: what was peeked is its first record now. */
function reopen({ segment, peeked }: OpenSegment, buffer: Buffer): OpenSegment {
  const start = headerEnd(buffer);
  const moved = peeked && { ...peeked, end: readLine(buffer, start).end };
  return { segment, buffer, start, at: start, peeked: moved };
}
