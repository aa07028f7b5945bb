import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** A file that is rotated, as Python's RotatingFileHandler does it: `audit.log`, `audit.log.1`, the newest, up to `.{backups}`. */
export interface RotatedFile {
  readonly path: string;
  /** Bytes it may have before it is rotated. */
  readonly maxBytes: number;
  /** Rotated files that are kept. */
  readonly backups: number;
}

/** A lock as old as this was left by a process that was killed; a rotation takes less than a millisecond. */
const STALE_LOCK_MS = 10_000;
const LOCK_TRIES = 50;
const LOCK_PAUSE_MS = 2;

/** Only a part of the bytes was written, so that the last line of the file is torn. */
export class TornWriteError extends Error {
  readonly code = 'torn_write';
}

/**
 * Appends whole lines, and rotates the file before when they would not fit. Safe with several processes: each write is one append, and one
 * of them rotates. What another process writes while the file is rotated is in the rotated file, so sizes are kept to within
 * one write of each process.
 *
 * @throws what the file system throws; a {@link TornWriteError} when it broke off in between.
 */
export function appendRotated(file: RotatedFile, bytes: Buffer): void {
  let descriptor = openFile(file.path);
  try {
    const { size } = fstatSync(descriptor);
    if (size > 0 && size + bytes.length > file.maxBytes) {
      closeSync(descriptor);
      descriptor = -1;
      rotate(file, bytes.length);
      descriptor = openFile(file.path);
    }
    writeAll(descriptor, bytes);
  } finally {
    if (descriptor >= 0) closeSync(descriptor);
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'a', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, 'a', 0o600);
  }
}

function writeAll(descriptor: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (cause) {
      if (at === 0) throw cause;
      throw new TornWriteError('the disk took only a part', { cause });
    }
  }
}

function rotate({ path, maxBytes, backups }: RotatedFile, addedBytes: number): void {
  const lock = `${path}.lock`;
  if (!takeLock(lock)) return;
  try {
    // Another process may have been first.
    if (statSync(path).size + addedBytes <= maxBytes) return;
    for (let i = backups; i > 0; i--) {
      const older = i === 1 ? path : `${path}.${i - 1}`;
      if (existsSync(older)) renameSync(older, `${path}.${i}`);
    }
  } finally {
    unlinkSync(lock);
  }
}

/** @returns `false` when another process keeps it: then it rotates. */
function takeLock(lock: string): boolean {
  for (let i = 0; i < LOCK_TRIES; i++) {
    try {
      closeSync(openSync(lock, 'wx', 0o600));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (isStale(lock)) removeQuietly(lock);
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_PAUSE_MS);
  }
  return false;
}

function isStale(lock: string): boolean {
  try {
    return Date.now() - statSync(lock).mtimeMs > STALE_LOCK_MS;
  } catch {
    return false;
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Another process did.
  }
}
