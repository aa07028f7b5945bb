import { DAY_MS, RETENTION_CLASSES, type RetentionDays, SHORT_STATS_DAYS, scoreOf } from '@tailrace/schema';
import type { ResolvedWriterOptions } from '../writer-options.js';

/** ARGV 4 to 8 of the batch script. @param now epoch milliseconds */
export function scriptSettings(
  { streamMaxLength, retentionDays }: Pick<ResolvedWriterOptions, 'streamMaxLength' | 'retentionDays'>,
  now: number,
): (string | number)[] {
  return [
    now,
    streamMaxLength,
    keptSeconds(retentionDays.requests),
    keptSeconds(SHORT_STATS_DAYS),
    classTable(retentionDays, now),
  ];
}

/** A day longer than the retention: entries may lie a day ahead of the clock, and expiries are refreshed now and then. */
function keptSeconds(days: number): number {
  return Math.ceil((days + 1) * 86_400);
}

/** ARGV 8; the last class is the one of minute histograms. */
function classTable(days: RetentionDays, now: number): string {
  const each = [...RETENTION_CLASSES.map((name) => days[name]), SHORT_STATS_DAYS];
  return each
    .map(
      (kept) =>
        `${keptSeconds(kept)} ${scoreOf({ timestamp: Math.max(0, Math.floor(now - kept * DAY_MS)) })}`,
    )
    .join(' ');
}
