import type { Level } from '@tailrace/schema';
import { eachLevel, type LevelCounts } from './level-counts.js';
import { OneAtATime } from './one-at-a-time.js';
import { isDiskFull } from './rewrite-segment.js';
import { newSegment, type Segment, segmentHeader } from './segment.js';
import { SegmentWriter, writeSegmentSync } from './segment-writer.js';
import { hasEntries, makeRoom, type Reduction } from './shed-levels.js';
import { SpoolDirectory } from './spool-directory.js';
import { SpoolFullError } from './spool-full-error.js';
import { type EncodedChunk, encodeChunk, fittingEnd, lineBytes } from './spool-line.js';
import { DEFAULT_SEGMENT_BYTES, type SpoolOptions } from './spool-options.js';
import { SpoolReader } from './spool-reader.js';
import type { SpooledChunk } from './spooled-chunk.js';

/** How often an append begins anew when the directory is taken under it, or the disk turns out to be full. */
const APPEND_ATTEMPTS = 3;
/** What files may take on a disk beyond their bytes. */
const DISK_SLACK_BYTES = 16_384;

/**
 * Chunks of one writer in files, in order, bounded in bytes. Nothing is on disk before the first append. No method
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

  /** What was wrong with the one of them left out last, although its record is whole; each is told once. */
  takeFault(): string | undefined {
    return this.#reader.takeFault();
  }

  /** Why the last append failed, `undefined` when it did not. */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * Stores chunks behind those there are. When the spool is full, the lowest levels give way, in it and in what comes:
   * ERROR, CRITICAL and AUDIT last, AUDIT the very last; of one level, what is stored stays. The chunks' `counts` are read
   * anew when the spool turns out to be taken.
   *
   * @param threatened the lowest level that is about to be lost behind the chunks: for it, lower ones give way on a full
   *   disk as well, and the chunks may go as a whole
   * @returns `true` when each entry is stored, or was told to `onDropped`; `false` when none of them is: then the chunks
   *   are as good as never given, `failure` says why, and a later attempt may succeed.
   */
  append(chunks: readonly SpooledChunk[], threatened?: Level): Promise<boolean> {
    return this.#tasks.run(() => this.#append(chunks, threatened));
  }

  /**
   * Stores chunks synchronously, for a process that ends, in segments of their own, since an append may be half-way. The
   * chunks of such an append are given again, with their numbers, before later ones. When the spool or the disk is full,
   * the lowest levels give way: in what comes, which `onDropped` is not told, and, while nothing is half-way, in the spool.
   *
   * @returns how many entries are stored.
   */
  appendSync(chunks: readonly SpooledChunk[]): number {
    try {
      return this.#appendSync(chunks);
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
  peek(): Promise<SpooledChunk | undefined> {
    return this.#tasks.run(() => this.#reader.peek());
  }

  /** Removes the chunk peeked last, which was applied. */
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

  async #append(chunks: readonly SpooledChunk[], threatened: Level | undefined): Promise<boolean> {
    let { maxBytes } = this.#options;
    this.#failure = undefined;
    for (let attempt = 1; attempt <= APPEND_ATTEMPTS; attempt++) {
      try {
        const incoming = chunks.map(encodeChunk);
        const dropped = await this.#makeRoom(incoming, maxBytes, threatened);
        const written = await this.#write(incoming.filter(hasEntries));
        // Only now it is certain that the files written to were still ours.
        if (await this.#reader.noticeLoss()) continue;
        for (const writer of written) this.#commit(writer);
        eachLevel(dropped, this.#options.onDropped);
        this.#failure = undefined;
        return true;
      } catch (cause) {
        this.#failure ??= cause;
        if (await this.#reader.noticeLoss()) continue;
        if (threatened === undefined || !isDiskFull(cause)) return false;
        const freeBytes = attempt === 1 ? (this.#directory.freeBytes() ?? 0) : 0;
        maxBytes = Math.min(maxBytes, this.bytes + freeBytes - DISK_SLACK_BYTES);
      }
    }
    return false;
  }

  #appendSync(chunks: readonly SpooledChunk[]): number {
    const incoming = chunks.map(encodeChunk);
    if (this.#writer !== undefined) this.#writer.segment.sealed = true;
    this.#makeRoomSync(incoming);
    const fitting = incoming.filter(hasEntries);
    this.#failure =
      fitting.length === 0 && chunks.length > 0 ? new SpoolFullError(this.#options.maxBytes) : undefined;
    if (fitting.length === 0) return 0;
    this.#directory.makeSync();
    const entriesBefore = this.entries;
    for (let at = 0; at < fitting.length && this.#failure === undefined; ) {
      const segment = this.#newSegment();
      const end = fittingEnd(fitting, at, this.#segmentBytes);
      const { cause } = writeSegmentSync(segment, this.#header, fitting.slice(at, end), this.#options.fsync);
      this.#failure = cause;
      this.#segments.push(segment);
      at = end;
    }
    return this.entries - entriesBefore;
  }

  /** @returns what was taken out of the incoming chunks. @throws when nothing of them fits. */
  async #makeRoom(
    incoming: readonly EncodedChunk[],
    maxBytes: number,
    threatened: Level | undefined,
  ): Promise<LevelCounts> {
    const excessBytes = () => this.bytes + this.#neededBytes(incoming) - maxBytes;
    if (excessBytes() > 0 && this.#reader.consumedBytes >= excessBytes())
      await this.#reader.compact(this.#header, this.#options.fsync);
    // The bound is for this spool to keep; a full disk only counts when something is about to be lost.
    const isLimited = maxBytes < this.#options.maxBytes;
    const room = makeRoom({ incoming, segments: this.#segments, excessBytes, threatened, isLimited });
    let step = room.next();
    for (; step.done !== true; step = room.next()) await this.#reduce(step.value);
    if (step.value === undefined) throw new SpoolFullError(maxBytes);
    return step.value;
  }

  #makeRoomSync(incoming: readonly EncodedChunk[]): void {
    const freeBytes = this.#directory.freeBytes() ?? Number.POSITIVE_INFINITY;
    const maxBytes = Math.min(
      this.#options.maxBytes - this.#inFlightBytes,
      this.bytes + freeBytes - DISK_SLACK_BYTES,
    );
    const excessBytes = () => this.bytes + this.#neededBytes(incoming) - maxBytes;
    const segments = this.#tasks.isIdle ? this.#segments : [];
    const room = makeRoom({ incoming, segments, excessBytes, threatened: undefined, isLimited: false });
    for (const reduction of room) this.#reduceSync(reduction);
  }

  async #reduce(reduction: Reduction): Promise<void> {
    if (this.#writer?.segment === reduction.segment) await this.#seal();
    this.#tellDropped(reduction, await this.#reader.reduce(reduction, this.#header, this.#options.fsync));
  }

  #reduceSync(reduction: Reduction): void {
    try {
      this.#tellDropped(reduction, this.#reader.reduceSync(reduction, this.#options.fsync));
    } catch (cause) {
      this.#failure = cause;
    }
  }

  #tellDropped({ level }: Reduction, dropped: number): void {
    if (dropped > 0) this.#options.onDropped(level, dropped);
  }

  /** At most what these chunks add to the files. */
  #neededBytes(chunks: readonly EncodedChunk[]): number {
    const lines = chunks.filter(hasEntries).reduce((sum, chunk) => sum + lineBytes(chunk), 0);
    if (lines === 0) return 0;
    const segments = 2 + Math.floor((2 * lines) / this.#segmentBytes);
    return lines + Math.min(segments, chunks.length) * this.#header.length;
  }

  /**
   * One write for each segment that gets something. The segments do not count it before it is committed.
   *
   * @throws when something could not be written; all that was is taken away then.
   */
  async #write(chunks: readonly EncodedChunk[]): Promise<SegmentWriter[]> {
    const written: SegmentWriter[] = [];
    this.#inFlightBytes = this.#neededBytes(chunks);
    try {
      for (let at = 0; at < chunks.length; ) {
        const writer = await this.#writerWithRoom();
        written.push(writer);
        const end = fittingEnd(chunks, at, this.#segmentBytes - writer.segment.bytes);
        await writer.write(chunks.slice(at, end));
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

  #newSegment(): Segment {
    return newSegment(this.#directory.path, this.#nextSegment++);
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
