import { DAY_MS, type RetentionDays } from '@tailrace/schema';
import type { SealedFile } from '../manifest/manifest.js';

/** Files of days whose last entry is older than its class is kept. @param now epoch milliseconds */
export function expiredFiles(
  files: readonly SealedFile[],
  retentionDays: RetentionDays,
  now: number,
): SealedFile[] {
  return files.filter(({ retention, day }) => {
    const end = Date.parse(`${day}T00:00:00Z`) + DAY_MS;
    return end <= now - retentionDays[retention] * DAY_MS;
  });
}
