import { lstatSync, mkdirSync, type Stats } from 'node:fs';
import { lstat, mkdir } from 'node:fs/promises';

/** A directory others could have prepared or can change, so nothing is written to it or read from it. */
export class UnsafeDirectoryError extends Error {
  readonly code = 'spool_directory_unsafe';

  constructor(path: string, reason: string) {
    super(`${path} ${reason}; a spool needs a directory of its own user that nobody else can write to`);
  }
}

const DIRECTORY_MODE = 0o700;
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/** Makes the directory and those above it, unless they are there. @throws UnsafeDirectoryError */
export async function makeSafeDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: DIRECTORY_MODE });
  await checkSafeDirectory(path);
}

/** @see makeSafeDirectory */
export function makeSafeDirectorySync(path: string): void {
  mkdirSync(path, { recursive: true, mode: DIRECTORY_MODE });
  assertSafe(path, lstatSync(path));
}

/** @throws UnsafeDirectoryError, or what `lstat` throws, as when nothing is there. */
export async function checkSafeDirectory(path: string): Promise<void> {
  assertSafe(path, await lstat(path));
}

function assertSafe(path: string, stats: Stats): void {
  if (stats.isSymbolicLink()) throw new UnsafeDirectoryError(path, 'is a symbolic link');
  if (!stats.isDirectory()) throw new UnsafeDirectoryError(path, 'is not a directory');
  const userId = process.getuid?.();
  // Windows has neither user ids nor these mode bits.
  if (userId === undefined) return;
  if (stats.uid !== userId)
    throw new UnsafeDirectoryError(path, `belongs to user ${stats.uid}, not ${userId}`);
  const isShared = (stats.mode & WRITABLE_BY_OTHERS) !== 0 && (stats.mode & STICKY) === 0;
  if (isShared) throw new UnsafeDirectoryError(path, 'can be written to by other users');
}
