import {
  type Entry,
  type HistogramSplit,
  indexNamed,
  type Keyspace,
  LEVEL_NAMES,
  type StatusRange,
  statusesOfLevel,
  type TimeWindow,
} from '@tailrace/schema';
import type { IndexKey } from '../search/candidate-groups.js';
import type { CounterContext } from './counter-context.js';
import { type Coverage, exactly } from './coverage.js';
import { grow } from './entry-tally.js';
import type { VisitEntries } from './summary.js';
import { countRanges } from './window-counts.js';

/** Counts of one part of the window. */
export interface HistogramBucket {
  /** Epoch milliseconds, included. */
  readonly from: number;
  count: number;
  /** Per status class or level. */
  readonly by: Map<string, number>;
}

/** Counts over time. */
export interface Histogram {
  /** Oldest first, of equal length; the last ends with the window. */
  readonly buckets: readonly HistogramBucket[];
  readonly bucketMs: number;
  readonly coverage: Coverage;
}

/** Sorted sets whose members are counted under one name. */
export interface NamedKeys {
  /** A status class or a level; empty without split. */
  readonly name: string;
  readonly keys: readonly IndexKey[];
}

/** Cuts a window into buckets of equal whole milliseconds; the last one ends with the window, that included. */
export function emptyHistogram({ from, to }: TimeWindow, buckets: number): Omit<Histogram, 'coverage'> {
  const bucketMs = Math.max(1, Math.ceil((to - from) / buckets));
  const count = Math.max(1, Math.ceil((to - from) / bucketMs));
  return {
    bucketMs,
    buckets: Array.from({ length: count }, (_, i) => ({
      from: from + i * bucketMs,
      count: 0,
      by: new Map(),
    })),
  };
}

/** Counts the entries looked at. With a split by status only requests that have one count. */
export async function histogramOfEntries(
  visitEntries: VisitEntries,
  window: TimeWindow,
  buckets: number,
  split: HistogramSplit,
): Promise<Histogram> {
  const empty = emptyHistogram(window, buckets);
  const coverage = await visitEntries((entry) => {
    const number = Math.floor((entry.timestamp - window.from) / empty.bucketMs);
    const bucket = empty.buckets[number] ?? empty.buckets.at(-1);
    const name = nameOf(entry, split);
    if (bucket === undefined || name === undefined) return;
    bucket.count += 1;
    if (name !== '') grow(bucket.by, name);
  });
  return { ...empty, coverage };
}

/** Counts members of sorted sets, bucket by bucket: however many they are. */
export async function histogramOfIndexes(
  { redis, signal }: Pick<CounterContext, 'redis' | 'signal'>,
  window: TimeWindow,
  buckets: number,
  groups: readonly NamedKeys[],
): Promise<Histogram> {
  const empty = emptyHistogram(window, buckets);
  const cells = groups.flatMap(({ name, keys }) =>
    keys.flatMap((key) => empty.buckets.map((bucket) => ({ name, key, bucket }))),
  );
  const counts = await countRanges(
    redis,
    cells.map(({ key, bucket }) => ({
      key: key.key,
      from: Math.max(bucket.from, key.from),
      to: bucket === empty.buckets.at(-1) ? window.to : bucket.from + empty.bucketMs - 1,
    })),
    signal,
  );
  for (const [i, { name, bucket }] of cells.entries()) {
    const count = counts[i] ?? 0;
    if (count === 0) continue;
    bucket.count += count;
    if (name !== '') grow(bucket.by, name, count);
  }
  return { ...empty, coverage: exactly(window) };
}

/** Adds up what the shards counted of the same window. */
export function sumOfHistograms(histograms: readonly Histogram[]): Histogram {
  const [first, ...others] = histograms as [Histogram, ...Histogram[]];
  for (const { buckets } of others) {
    for (const [i, { count, by }] of buckets.entries()) {
      const sum = first.buckets[i] as HistogramBucket;
      sum.count += count;
      for (const [name, n] of by) grow(sum.by, name, n);
    }
  }
  return first;
}

/** The status class of a status: `4xx`. */
export function statusClass(status: number): string {
  return `${Math.floor(status / 100)}xx`;
}

/** The status index, key by key, under the class of its status; only those in one of the ranges. */
export function statusKeys(keyspace: Keyspace, ranges: readonly StatusRange[]): NamedKeys[] {
  const spec = indexNamed('status');
  const statuses = new Set(ranges.flatMap(statusesIn));
  return [...statuses].map((status) => ({
    name: statusClass(status),
    keys: [{ key: keyspace.index(spec, String(status)), from: 0 }],
  }));
}

/**
 * Every entry by its level, from the level index and, as a request is not in it whose status says its level, the status
 * index. A request whose writer gave it another level is in both.
 */
export function levelKeys(keyspace: Keyspace): NamedKeys[] {
  return LEVEL_NAMES.map((level) => {
    const statuses = statusesIn(statusesOfLevel(level));
    const keys = [
      keyspace.index(indexNamed('level'), level),
      ...statuses.map((status) => keyspace.index(indexNamed('status'), String(status))),
    ];
    return { name: level, keys: keys.map((key) => ({ key, from: 0 })) };
  });
}

function statusesIn(range: StatusRange | undefined): number[] {
  if (range === undefined) return [];
  return Array.from({ length: range.to - range.from + 1 }, (_, i) => range.from + i);
}

function nameOf(entry: Entry, split: HistogramSplit): string | undefined {
  if (split === 'none') return '';
  if (split === 'level') return entry.level;
  return entry.kind === 'request' && entry.status_code !== undefined
    ? statusClass(entry.status_code)
    : undefined;
}
