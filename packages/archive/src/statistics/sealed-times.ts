import { emptyHistogram, percentilesOf, type TimesOverTime } from '@tailrace/query';
import type { TimeWindow } from '@tailrace/schema';
import type { Duck } from '../duck/duck.js';
import type { Asked } from './asked.js';

/** Response times part by part of a window, by nearest rank, of sealed and unsealed requests together. */
export async function timesOf(
  duck: Duck,
  asked: Asked,
  { window, buckets }: { readonly window: TimeWindow; readonly buckets: number },
  signal?: AbortSignal,
): Promise<TimesOverTime> {
  const empty = emptyHistogram(window, buckets);
  const last = empty.buckets.length - 1;
  const fresh = asked.fresh.flatMap(({ kind, timestamp, response_time_ms: time }) =>
    kind === 'request' && time !== undefined
      ? [{ part: Math.min(last, Math.floor((timestamp - window.from) / empty.bucketMs)), time }]
      : [],
  );
  const found = empty.buckets.map(({ from }, part) => ({
    from,
    times: percentilesOf(fresh.filter((one) => one.part === part).map(({ time }) => time)),
  }));
  if (asked.sql !== undefined) {
    const part = `least(${last}, ("timestamp" - ${window.from}) // ${empty.bucketMs})`;
    const list = (of: 'part' | 'time') =>
      fresh.map((one) => (Number.isFinite(one[of]) ? one[of] : 0)).join(', ');
    const groups = await duck.query(
      `SELECT b, count(v), quantile_disc(v, [0.5, 0.9, 0.95, 0.99]) FROM (
         SELECT ${part} AS b, "response_time_ms" AS v ${asked.sql} AND "is_request" AND "response_time_ms" IS NOT NULL
         UNION ALL SELECT unnest([${list('part')}]::BIGINT[]), unnest([${list('time')}]::DOUBLE[]))
       GROUP BY 1`,
      { signal },
    );
    for (const [number, count, quantiles] of groups) {
      const bucket = found[Number(number)];
      const [p50 = null, p90 = null, p95 = null, p99 = null] = (quantiles ?? []) as (number | null)[];
      if (bucket !== undefined) bucket.times = { count: Number(count), p50, p90, p95, p99 };
    }
  }
  return { buckets: found, bucketMs: empty.bucketMs, coverage: asked.coverage };
}
