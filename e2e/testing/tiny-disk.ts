import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own in memory, to be filled. */
export interface TinyDisk {
  readonly path: string;
  remove(): void;
}

/** @returns `undefined` where this process may not mount any, as nobody but root on Linux may. */
export function mountTinyDisk(size: string): TinyDisk | undefined {
  const path = mkdtempSync(join(tmpdir(), 'tailrace-disk-'));
  const remove = () => rmSync(path, { recursive: true });
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'tailrace', path]);
  if (status !== 0) {
    remove();
    return undefined;
  }
  return {
    path,
    remove() {
      spawnSync('umount', [path]);
      remove();
    },
  };
}
