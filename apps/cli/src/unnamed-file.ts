import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Opens a temporary file (in `TMPDIR`, readable by its owner alone) and removes its name at once: the space is
 * freed when the handle closes or the process ends, however it ends.
 */
export async function openUnnamedFile(): Promise<FileHandle> {
  const path = join(tmpdir(), `tailrace-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
}
