import { valueOfBucket } from '@tailrace/schema';

/** The percentiles that are shown, as fractions. */
const SHOWN = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;

/** Response times in milliseconds by nearest rank; null when nothing was timed. */
export type Percentiles = Readonly<Record<keyof typeof SHOWN, number | null>> & { readonly count: number };

/** The percentiles of values as they are. */
export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = Float64Array.from(values).sort();
  return shown(sorted.length, (rank) => sorted[rank - 1] ?? null);
}

/** The percentiles of log buckets (bucket number -> count), each within the buckets' relative error. */
export function percentilesOfBuckets(buckets: ReadonlyMap<number, number>): Percentiles {
  const sorted = [...buckets].sort(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  return shown(total, (rank) => {
    let below = 0;
    for (const [bucket, count] of sorted) {
      below += count;
      if (below >= rank) return valueOfBucket(bucket);
    }
    return null;
  });
}

function shown(count: number, valueAt: (rank: number) => number | null): Percentiles {
  const at = (fraction: number) => (count === 0 ? null : valueAt(Math.max(1, Math.ceil(fraction * count))));
  return { count, p50: at(SHOWN.p50), p90: at(SHOWN.p90), p95: at(SHOWN.p95), p99: at(SHOWN.p99) };
}
