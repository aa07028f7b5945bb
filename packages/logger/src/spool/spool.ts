import { join } from 'node:path';
import { LEVEL_NAMES, type Level } from '@tailrace/schema';
import { addTo, eachLevel, type LevelCounts } from './level-counts.js';
import { OneAtATime } from './one-at-a-time.js';
import { type EncodedCall, encodeCall, lineBytes } from './record-line.js';
import { takeOutNewest } from './sacrifice.js';
import { type Segment, segmentHeader, segmentName } from './segment.js';
import { SegmentWriter, writeSegmentSync } from './segment-writer.js';
import { SpoolDirectory, type SpoolPlace } from './spool-directory.js';
import { SpoolReader } from './spool-reader.js';
import type { SpooledCall } from './spooled-call.js';

export interface SpoolOptions extends SpoolPlace {
  /** Letters, digits, `-` and `_`; unique for the writer's life. */
  readonly writerId: string;
  /** Bytes all files of this spool may hold together. */
  readonly maxBytes: number;
  /** Bytes after which a segment is closed and the next begun. @default 4194304 (4 MiB) */
  readonly segmentBytes?: number;
  /** Whether each append waits until the disk has it: needed to survive a power failure, not to survive a crash. */
  readonly fsync: boolean;
  /** Told of accepted entries that gave way to others. */
  readonly onDropped: (level: Level, count: number) => void;
  /**
   * Told that another process has taken the spool, or somebody removed it, with how many entries in it. Whoever took it
   * replays under the writer id it had, where a lower number that comes late is taken for one that was applied.
   *
   * @returns the id of a new writer, under which later appends go to a new directory.
   */
  readonly onTaken: (entries: number) => string;
}

const DEFAULT_SEGMENT_BYTES = 4 << 20;
/** How often an append begins anew when the directory is taken under it. */
const APPEND_ATTEMPTS = 3;

/**
 * Calls of one writer in files, in order, bounded in bytes. Nothing is on disk before the first append. No method
 * rejects or throws but {@link peek}.
 */
export class Spool {
  readonly #options: SpoolOptions;
  readonly #segmentBytes: number;
  #header: Buffer;
  readonly #directory: SpoolDirectory;
  readonly #segments: Segment[] = [];
  readonly #reader: SpoolReader;
  readonly #tasks = new OneAtATime();
  #writer: SegmentWriter | undefined;
  #nextSegment = 1;
  #inFlightBytes = 0;
  #failure: unknown;

  constructor(options: SpoolOptions) {
    this.#options = options;
    this.#segmentBytes = options.segmentBytes ?? DEFAULT_SEGMENT_BYTES;
    this.#header = segmentHeader(options.writerId);
    this.#directory = new SpoolDirectory(options, options.writerId);
    this.#reader = new SpoolReader(this.#directory, this.#segments, (entries) => {
      const writerId = options.onTaken(entries);
      this.#header = segmentHeader(writerId);
      this.#directory.rename(writerId);
    });
  }

  /** Entries stored and not removed yet. */
  get entries(): number {
    return this.#reader.entries;
  }

  /** Bytes of the files. */
  get bytes(): number {
    return this.#reader.bytes;
  }

  /** Torn and damaged records that reading has skipped. */
  get damagedRecords(): number {
    return this.#reader.damagedRecords;
  }

  /** Entries that were stored and could not be read back; they are no longer among {@link entries}. */
  get lostEntries(): number {
    return this.#reader.lostEntries;
  }

  /** Why the last append failed, `undefined` when it did not. */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * Stores calls behind those there are. When the spool is full, the lowest levels give way, in it and in what comes:
   * ERROR, CRITICAL and AUDIT last, AUDIT the very last; of one level, what is stored stays. The calls' `counts` are read
   * anew when the spool turns out to be taken.
   *
   * @returns `true` when each entry is stored, or was told to `onDropped`; `false` when none of them is: then the calls
   *   are as good as never given, `failure` says why, and a later attempt may succeed.
   */
  append(calls: readonly SpooledCall[]): Promise<boolean> {
    return this.#tasks.run(() => this.#append(calls));
  }

  /**
   * Stores calls synchronously, for a process that ends, in segments of their own, since an append may be half-way. The
   * calls of such an append are given again, with their numbers, before later ones. Nothing in the spool gives way; of
   * what does not fit, the lowest levels go, which `onDropped` is not told.
   *
   * @returns how many entries are stored.
   */
  appendSync(calls: readonly SpooledCall[]): number {
    try {
      return this.#appendSync(calls);
    } catch (cause) {
      this.#failure = cause;
      return 0;
    }
  }

  /**
   * The oldest call that was not removed; the same one until {@link removeOldest}.
   *
   * @throws what the file system says; the spool is as before then.
   */
  peek(): Promise<SpooledCall | undefined> {
    return this.#tasks.run(() => this.#reader.peek());
  }

  /** Removes the call peeked last, which was applied. */
  removeOldest(): Promise<void> {
    return this.#tasks.run(async () => {
      await this.#reader.removeOldest();
      if (this.#segments.length > 0) return;
      await this.#seal();
      await this.#directory.remove();
    });
  }

  /** Leaves what is stored to the next process. The spool is not used after it, except by {@link appendSync}. */
  close(): Promise<void> {
    return this.#tasks.run(async () => {
      await this.#seal();
      if (this.#segments.length === 0) await this.#directory.remove();
      else await this.#directory.release();
    });
  }

  /** As {@link close}, for a process that ends, after the last {@link appendSync}. */
  closeSync(): void {
    this.#directory.releaseSync();
  }

  async #append(calls: readonly SpooledCall[]): Promise<boolean> {
    for (let attempt = 1; attempt <= APPEND_ATTEMPTS; attempt++) {
      try {
        const incoming = calls.map(encodeCall);
        const dropped = await this.#makeRoom(incoming);
        const written = await this.#write(incoming.filter(hasEntries));
        // Only now it is certain that the files written to were still ours.
        if (await this.#reader.noticeLoss()) continue;
        for (const writer of written) this.#commit(writer);
        eachLevel(dropped, this.#options.onDropped);
        this.#failure = undefined;
        return true;
      } catch (cause) {
        this.#failure = cause;
        if (!(await this.#reader.noticeLoss())) return false;
      }
    }
    return false;
  }

  #appendSync(calls: readonly SpooledCall[]): number {
    const incoming = calls.map(encodeCall);
    const maxBytes = this.#options.maxBytes - this.bytes - this.#inFlightBytes;
    for (const level of LEVEL_NAMES) takeOutNewest(incoming, level, this.#neededBytes(incoming) - maxBytes);
    const fitting = incoming.filter(hasEntries);
    this.#failure =
      fitting.length === 0 && calls.length > 0 ? new SpoolFullError(this.#options.maxBytes) : undefined;
    if (fitting.length === 0) return 0;
    if (this.#writer !== undefined) this.#writer.segment.sealed = true;
    this.#directory.makeSync();
    const entriesBefore = this.entries;
    for (let at = 0; at < fitting.length && this.#failure === undefined; ) {
      const segment = this.#newSegment();
      const end = this.#segmentEnd(fitting, at, 0);
      const { cause } = writeSegmentSync(segment, this.#header, fitting.slice(at, end), this.#options.fsync);
      this.#failure = cause;
      this.#segments.push(segment);
      at = end;
    }
    return this.entries - entriesBefore;
  }

  /** @returns what was taken out of the incoming calls. @throws when nothing of them fits. */
  async #makeRoom(incoming: readonly EncodedCall[]): Promise<LevelCounts> {
    const dropped: LevelCounts = {};
    const excessBytes = () => this.bytes + this.#neededBytes(incoming) - this.#options.maxBytes;
    const first = this.#segments[0];
    if (first !== undefined && excessBytes() > 0 && this.#reader.consumedBytes >= excessBytes())
      await this.#reduce(first, undefined);
    for (const level of LEVEL_NAMES) {
      if (excessBytes() <= 0) break;
      addTo(dropped, level, takeOutNewest(incoming, level, excessBytes()));
      if (!incoming.some(hasEntries)) throw new SpoolFullError(this.#options.maxBytes);
      for (const segment of this.#richestIn(level)) {
        if (excessBytes() <= 0) break;
        await this.#reduce(segment, level);
      }
    }
    return dropped;
  }

  /** Segments with entries of the level; to rewrite those with most of them frees most for the least work. */
  #richestIn(level: Level): Segment[] {
    const bytesOf = (segment: Segment) => segment.levelBytes[level] ?? 0;
    return this.#segments
      .filter((segment) => bytesOf(segment) > 0)
      .toSorted((one, other) => bytesOf(other) - bytesOf(one));
  }

  async #reduce(segment: Segment, level: Level | undefined): Promise<void> {
    if (this.#writer?.segment === segment) await this.#seal();
    const dropped = await this.#reader.reduce(segment, this.#header, level, this.#options.fsync);
    if (level !== undefined && dropped > 0) this.#options.onDropped(level, dropped);
  }

  /** At most what these calls add to the files. */
  #neededBytes(calls: readonly EncodedCall[]): number {
    const lines = calls.filter(hasEntries).reduce((sum, call) => sum + lineBytes(call), 0);
    if (lines === 0) return 0;
    const segments = 2 + Math.floor((2 * lines) / this.#segmentBytes);
    return lines + Math.min(segments, calls.length) * this.#header.length;
  }

  /**
   * One write for each segment that gets something. The segments do not count it before it is committed.
   *
   * @throws when something could not be written; all that was is taken away then.
   */
  async #write(calls: readonly EncodedCall[]): Promise<SegmentWriter[]> {
    const written: SegmentWriter[] = [];
    this.#inFlightBytes = this.#neededBytes(calls);
    try {
      for (let at = 0; at < calls.length; ) {
        const writer = await this.#writerWithRoom();
        written.push(writer);
        const end = this.#segmentEnd(calls, at, writer.segment.bytes);
        await writer.write(calls.slice(at, end));
        at = end;
      }
      return written;
    } catch (error) {
      for (const writer of written) await writer.undo();
      throw error;
    } finally {
      this.#inFlightBytes = 0;
    }
  }

  /** The writer of the last segment, or of a new one when that has been written to its end. */
  async #writerWithRoom(): Promise<SegmentWriter> {
    const writer = this.#writer;
    if (writer !== undefined && !writer.isWritten && !writer.segment.sealed) return writer;
    await this.#seal();
    await this.#directory.make();
    this.#writer = await SegmentWriter.create(this.#newSegment(), this.#header, this.#options.fsync);
    return this.#writer;
  }

  /** Where the calls end that still go into a segment; one always does. */
  #segmentEnd(calls: readonly EncodedCall[], start: number, segmentBytes: number): number {
    let bytes = segmentBytes + lineBytes(calls[start] as EncodedCall);
    let end = start + 1;
    for (; end < calls.length; end++) {
      bytes += lineBytes(calls[end] as EncodedCall);
      if (bytes > this.#segmentBytes) break;
    }
    return end;
  }

  #newSegment(): Segment {
    const number = this.#nextSegment++;
    const path = join(this.#directory.path, segmentName(number));
    return { number, path, bytes: 0, entries: 0, levelBytes: {}, sealed: false };
  }

  #commit(writer: SegmentWriter): void {
    writer.commit();
    if (writer.segment.bytes >= this.#segmentBytes) writer.segment.sealed = true;
    if (!this.#segments.includes(writer.segment)) this.#segments.push(writer.segment);
  }

  async #seal(): Promise<void> {
    const writer = this.#writer;
    this.#writer = undefined;
    await writer?.close();
  }
}

/** Nothing of what was to be stored fits, and nothing in the spool is worth less. */
class SpoolFullError extends Error {
  readonly code = 'spool_full';

  constructor(maxBytes: number) {
    super(`the spool is full: ${maxBytes} bytes are allowed`);
  }
}

function hasEntries({ entries }: EncodedCall): boolean {
  return entries.length > 0;
}
