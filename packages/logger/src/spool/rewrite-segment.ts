import { closeSync, fdatasyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { type FileHandle, open, rename, rm, writeFile } from 'node:fs/promises';
import { TEMPORARY_SUFFIX } from './segment.js';

/**
 * Writes a second file, line by line, so that a segment is not in memory twice, and gives it the name of the first.
 *
 * @param lines the new content, the header first
 * @returns bytes of the file.
 * @throws what the file system says; the file is as before then.
 */
export async function replaceSegment(
  path: string,
  lines: readonly Buffer[],
  fsync: boolean,
): Promise<number> {
  const temporary = path + TEMPORARY_SUFFIX;
  try {
    await writeFile(temporary, lines, { mode: 0o600, flush: fsync });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  return lines.reduce((sum, { length }) => sum + length, 0);
}

/** A line and where in its file it goes. */
export interface PlacedLine {
  readonly line: Buffer;
  readonly at: number;
}

/**
 * What is to be written, one after the other, to make a segment shorter where it lies. Lines only move towards the start:
 * a process that dies meanwhile leaves new lines, then one that is torn, then old ones. So at most the call that was being
 * written is lost, and only when what was freed before it is shorter than it; calls that are there twice have their numbers.
 *
 * @param segment what the file holds  @param start where the first line goes
 * @param lines what is to stand there: lines of the segment or shorter ones in their place, in order
 */
export function* movedLines(segment: Buffer, start: number, lines: readonly Buffer[]): Generator<PlacedLine> {
  let at = start;
  for (const line of lines) {
    if (!stands(line, segment, at)) yield { line, at };
    at += line.length;
  }
}

/** What a segment is overwritten with. */
export interface Overwriting {
  readonly path: string;
  /** All of it, as it is. */
  readonly segment: Buffer;
  /** Where the first line is to be. */
  readonly start: number;
  readonly lines: readonly Buffer[];
  /** Whether the disk has each line before the next is written. */
  readonly fsync: boolean;
}

/**
 * Writes {@link movedLines} and cuts off what is behind them, for a disk that has no room for a second file.
 *
 * @returns bytes of the file.
 * @throws what the file system says; the file is as before then, unless it refuses that as well.
 */
export async function overwriteSegment({ path, segment, start, lines, fsync }: Overwriting): Promise<number> {
  const end = lines.reduce((at, { length }) => at + length, start);
  const file = await open(path, 'r+');
  try {
    for (const { line, at } of movedLines(segment, start, lines)) {
      await writeAt(file, line, at);
      if (fsync) await file.datasync();
    }
    await file.truncate(end);
    if (fsync) await file.datasync();
    return end;
  } catch (error) {
    await writeAt(file, segment.subarray(start), start).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
}

/** As {@link overwriteSegment}, for a process that ends. */
export function overwriteSegmentSync({ path, segment, start, lines, fsync }: Overwriting): number {
  const end = lines.reduce((at, { length }) => at + length, start);
  const file = openSync(path, 'r+');
  try {
    for (const { line, at } of movedLines(segment, start, lines)) {
      for (let done = 0; done < line.length; )
        done += writeSync(file, line, done, line.length - done, at + done);
      if (fsync) fdatasyncSync(file);
    }
    ftruncateSync(file, end);
    if (fsync) fdatasyncSync(file);
    return end;
  } finally {
    closeSync(file);
  }
}

/** Whether the line is the part of the segment that is at that place. */
function stands(line: Buffer, segment: Buffer, at: number): boolean {
  return line.buffer === segment.buffer && line.byteOffset === segment.byteOffset + at;
}

async function writeAt(file: FileHandle, bytes: Buffer, place: number): Promise<void> {
  for (let done = 0; done < bytes.length; )
    done += (await file.write(bytes, done, bytes.length - done, place + done)).bytesWritten;
}

/** Whether the file system has no room, or this user none any more. */
export function isDiskFull(cause: unknown): boolean {
  const { code } = cause as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT';
}
