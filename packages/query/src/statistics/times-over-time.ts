import type { TimeWindow } from '@tailrace/schema';
import { HOUR_MS, MINUTE_MS } from '@tailrace/schema';
import type { CounterContext } from './counter-context.js';
import type { Coverage } from './coverage.js';
import { emptyHistogram } from './entries-over-time.js';
import { type Percentiles, percentilesOf } from './percentiles.js';
import { responseTimes } from './response-times.js';
import type { VisitEntries } from './summary.js';

/** Response times of requests, part by part of the window. */
export interface TimesOverTime {
  /** Oldest first, of equal length; the last ends with the window. */
  readonly buckets: readonly { readonly from: number; readonly times: Percentiles }[];
  readonly bucketMs: number;
  readonly coverage: Coverage;
}

/** The longest window whose minutes are read one by one. */
const MAX_MINUTES = 24 * (HOUR_MS / MINUTE_MS);

/** Whether the histograms of the minutes can tell the parts of a window apart. */
export function isOfMinutes({ from, to }: TimeWindow, buckets: number): boolean {
  return to - from >= buckets * MINUTE_MS && to - from <= MAX_MINUTES * MINUTE_MS;
}

/** From the histograms of each minute: within 1 % however many requests there are; a part has its minutes as a whole. */
export async function timesOfMinutes(
  contexts: readonly CounterContext[],
  window: TimeWindow,
  { buckets, host }: { readonly buckets: number; readonly host: string | undefined },
): Promise<TimesOverTime> {
  const empty = emptyHistogram(window, buckets);
  const found: { from: number; times: Percentiles }[] = [];
  let note: string | undefined;
  for (const { from } of empty.buckets) {
    const part = { from, to: Math.min(window.to, from + empty.bucketMs - 1) };
    const { coverage, ...times } = await responseTimes(contexts, part, host);
    note ??= coverage.note;
    found.push({ from, times });
  }
  const coverage = {
    ...window,
    isExact: false,
    note: note ?? 'response times are kept by the minute, within 1 %',
  };
  return { buckets: found, bucketMs: empty.bucketMs, coverage };
}

/** Of the entries looked at, exactly. */
export async function timesOfEntries(
  visitEntries: VisitEntries,
  window: TimeWindow,
  buckets: number,
): Promise<TimesOverTime> {
  const empty = emptyHistogram(window, buckets);
  const times: number[][] = empty.buckets.map(() => []);
  const coverage = await visitEntries(({ kind, timestamp, response_time_ms }) => {
    if (kind !== 'request' || response_time_ms === undefined) return;
    const number = Math.floor((timestamp - window.from) / empty.bucketMs);
    (times[number] ?? times.at(-1))?.push(response_time_ms);
  });
  return {
    buckets: empty.buckets.map(({ from }, i) => ({ from, times: percentilesOf(times[i] ?? []) })),
    bucketMs: empty.bucketMs,
    coverage,
  };
}
