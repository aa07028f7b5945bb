import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../files/private-files.js';
import type { ManifestStore } from './manifest.js';

/** Files that no manifest names were written by a process that ended before it could name them. */
export async function removeLeftovers(folder: string, { current }: ManifestStore): Promise<void> {
  await rm(join(folder, 'tmp'), { recursive: true, force: true });
  await makeFolder(join(folder, 'tmp'));
  const names = new Set(current.files.map(({ name }) => name));
  for (const path of await readdir(folder, { recursive: true })) {
    const name = path.replaceAll('\\', '/');
    if (name.endsWith('.parquet') && !names.has(name)) await rm(join(folder, path), { force: true });
  }
}
