import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DAY_MS, type RetentionDays } from '@tailrace/schema';
import { makeFolder, settleFile } from '../files/private-files.js';
import type { SealedFile } from '../manifest/manifest.js';

/**
 * Files of days whose last entry is older than its class is kept.
 *
 * @param now epoch milliseconds
 * @param keptDays of classes of the archive's own
 */
export function expiredFiles(
  files: readonly SealedFile[],
  retentionDays: RetentionDays,
  now: number,
  keptDays: Readonly<Record<string, number>> = {},
): SealedFile[] {
  return files.filter(({ retention, day }) => {
    const end = Date.parse(`${day}T00:00:00Z`) + DAY_MS;
    const days = { ...keptDays, ...retentionDays }[retention];
    return days !== undefined && end <= now - days * DAY_MS;
  });
}

/** Copies files into a folder, under the same names; it may be on another disk. */
export async function copyFiles(from: string, to: string, files: readonly SealedFile[]): Promise<void> {
  for (const { name } of files) {
    const path = join(to, name);
    await makeFolder(dirname(path));
    await copyFile(join(from, name), `${path}.new`);
    await settleFile(`${path}.new`, path);
  }
}
