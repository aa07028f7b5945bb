import { statfs } from 'node:fs/promises';
import type { CostReply } from '@tailrace/api';
import type { Archive, ArchivedDay } from '@tailrace/archive';
import type { CostPart, RedisCost } from '@tailrace/query';
import { DAY_MS } from '@tailrace/schema';

type ArchiveCost = NonNullable<CostReply['archive']>;

/** @see archiveCost */
export interface ArchiveCostOptions {
  readonly archive: Archive;
  /** What components take in Redis: the same entries are in the archive, packed. */
  readonly redis: RedisCost;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly closing: AbortSignal;
}

const DAYS = 7;
const MAX_COMPONENTS = 20;

/** What the archive takes: classes and days as its manifest has them, components by an estimate. */
export async function archiveCost(options: ArchiveCostOptions): Promise<ArchiveCost> {
  const { archive, now } = options;
  const { days, entries, bytes, folder } = archive.status();
  const bytesPerDay = dailyBytes(days, now);
  const free = await freeBytes(folder);
  return {
    entries,
    bytes,
    classes: classesOf(days),
    components: await componentsOf(options, bytes),
    bytes_per_day: bytesPerDay,
    free_bytes: free,
    days_left: bytesPerDay === null || bytesPerDay === 0 || free === null ? null : free / bytesPerDay,
  };
}

function classesOf(days: readonly ArchivedDay[]): ArchiveCost['classes'] {
  const sums = new Map<string, { bytes: number; entries: number }>();
  for (const { retention, bytes, entries } of days) {
    const sum = sums.get(retention) ?? { bytes: 0, entries: 0 };
    sums.set(retention, { bytes: sum.bytes + bytes, entries: sum.entries + entries });
  }
  return [...sums].map(([name, sum]) => ({ name, ...sum })).sort((a, b) => b.bytes - a.bytes);
}

/** Bytes of the newest days that are over, without those in which nothing was written. */
function dailyBytes(days: readonly ArchivedDay[], now: number): number | null {
  const today = dayOf(now);
  const first = dayOf(now - DAYS * DAY_MS);
  const recent = days.filter(({ day }) => day < today && day >= first);
  const count = new Set(recent.map(({ day }) => day)).size;
  return count === 0 ? null : Math.round(recent.reduce((sum, { bytes }) => sum + bytes, 0) / count);
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

/** A component's share of the files is taken to be its share of the entries, by what one of its entries takes in Redis. */
async function componentsOf(
  { archive, redis, now, closing }: ArchiveCostOptions,
  bytes: number,
): Promise<ArchiveCost['components']> {
  const request = {
    filter: {},
    window: { from: now - DAYS * DAY_MS, to: now },
    fields: ['component'],
    limit: MAX_COMPONENTS,
  } as const;
  const counted = await archive.statistics.facets(request, { signal: closing }).catch(() => undefined);
  const counts = counted?.facets.component;
  if (counts === undefined) return null;
  const sizes = new Map(redis.components.map((part) => [part.name, sizeOf(part)]));
  const usual = redis.entries === 0 ? 1 : redis.bytes / redis.entries;
  const weights = counts.map(({ value, count }) => ({ value, weight: count * (sizes.get(value) ?? usual) }));
  const whole = weights.reduce((sum, { weight }) => sum + weight, 0);
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const { entries } = archive.status();
  return weights
    .map(({ value, weight }, i) => ({
      name: value,
      bytes: Math.round((bytes * weight) / whole),
      entries: Math.round((entries * (counts[i]?.count ?? 0)) / total),
    }))
    .sort((a, b) => b.bytes - a.bytes);
}

function sizeOf({ bytes, entries }: CostPart): number {
  return entries === null || entries === 0 ? bytes : bytes / entries;
}
