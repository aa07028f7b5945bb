import {
  DAY_MS,
  MAX_FUTURE_MS,
  RETENTION_CLASSES,
  SHORT_STATS_DAYS,
  STORAGE_VERSION,
} from '@tailrace/schema';
import type { ResolvedWriterOptions } from '../writer-options.js';

/** ARGV 5 to 10 of the batch script. */
export function scriptSettings({
  streamMaxLength,
  retentionDays,
}: Pick<ResolvedWriterOptions, 'streamMaxLength' | 'retentionDays'>): readonly (string | number)[] {
  // The last class is the one of minute histograms.
  const days = [...RETENTION_CLASSES.map((name) => retentionDays[name]), SHORT_STATS_DAYS];
  return [
    streamMaxLength,
    keptSeconds(retentionDays.requests),
    keptSeconds(SHORT_STATS_DAYS),
    days.map((kept) => `${keptSeconds(kept)} ${Math.round(kept * DAY_MS)}`).join(' '),
    STORAGE_VERSION,
    MAX_FUTURE_MS,
  ];
}

/** A day longer than the retention: entries may lie a day ahead of the clock, and expiries are refreshed now and then. */
function keptSeconds(days: number): number {
  return Math.ceil((days + 1) * 86_400);
}
