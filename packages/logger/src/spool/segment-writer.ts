import { closeSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { type FileHandle, open, rm, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { addLines, type Segment } from './segment.js';
import { type EncodedChunk, encodeLine } from './spool-line.js';

const FILE_MODE = 0o600;

/** Appends lines to one segment, which it has created. */
export class SegmentWriter {
  readonly segment: Segment;
  readonly #file: FileHandle;
  readonly #header: Buffer;
  readonly #fsync: boolean;
  /** What was written and does not count yet. */
  #written: { readonly chunks: readonly EncodedChunk[]; readonly bytes: number } | undefined;

  private constructor(segment: Segment, file: FileHandle, header: Buffer, fsync: boolean) {
    this.segment = segment;
    this.#file = file;
    this.#header = header;
    this.#fsync = fsync;
  }

  /** @throws when the file exists, or cannot be created. */
  static async create(segment: Segment, header: Buffer, fsync: boolean): Promise<SegmentWriter> {
    const writer = new SegmentWriter(segment, await open(segment.path, 'ax', FILE_MODE), header, fsync);
    if (fsync) await syncDirectory(dirname(segment.path));
    return writer;
  }

  /** Whether something was written that was neither committed nor undone. */
  get isWritten(): boolean {
    return this.#written !== undefined;
  }

  /** One write; {@link commit} or {@link undo} follows, also when it fails. */
  async write(chunks: readonly EncodedChunk[]): Promise<void> {
    const lines = chunks.map(encodeLine);
    const bytes = Buffer.concat(this.segment.bytes === 0 ? [this.#header, ...lines] : lines);
    this.#written = { chunks, bytes: bytes.length };
    await this.#file.appendFile(bytes);
    if (this.#fsync) await this.#file.datasync();
  }

  commit(): void {
    if (this.#written === undefined) return;
    addLines(this.segment, this.#written.chunks, this.#written.bytes);
    this.#written = undefined;
  }

  /**
   * Takes away what was written since the last commit, and seals the segment: should that fail, a torn line is the last
   * one of its segment.
   */
  async undo(): Promise<void> {
    const { path, bytes } = this.segment;
    this.#written = undefined;
    await this.close();
    const undone = bytes === 0 ? rm(path, { force: true }) : truncate(path, bytes);
    await undone.catch(() => undefined);
  }

  /** Seals the segment. */
  async close(): Promise<void> {
    this.segment.sealed = true;
    // All was written before; an error, as network file systems have it, says nothing new.
    await this.#file.close().catch(() => undefined);
  }
}

/** A new file outlives a power failure only when its directory was written, too. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/**
 * Writes a segment at once and synchronously: as many chunks as can be written, in order. The segment counts them.
 *
 * @returns the cause when not all of them were written.
 */
export function writeSegmentSync(
  segment: Segment,
  header: Buffer,
  chunks: readonly EncodedChunk[],
  fsync: boolean,
): { readonly cause?: unknown } {
  const file = openSync(segment.path, 'ax', FILE_MODE);
  segment.sealed = true;
  try {
    writeWholeSync(file, header);
    segment.bytes = header.length;
    for (const chunk of chunks) {
      const line = encodeLine(chunk);
      writeWholeSync(file, line);
      addLines(segment, [chunk], line.length);
    }
    if (fsync) syncBoth(file, dirname(segment.path));
    return {};
  } catch (cause) {
    cutBackSync(file, segment.bytes);
    return { cause };
  } finally {
    closeSync(file);
  }
}

function syncBoth(file: number, directoryPath: string): void {
  fsyncSync(file);
  const directory = openSync(directoryPath, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

function writeWholeSync(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

function cutBackSync(file: number, bytes: number): void {
  try {
    ftruncateSync(file, bytes);
  } catch {
    // The torn line is the last one, and readers skip it.
  }
}
