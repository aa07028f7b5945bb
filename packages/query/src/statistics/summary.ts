import { DAY_MS, HOUR_MS, indexNamed, type TimeWindow } from '@tailrace/schema';
import type { CompiledFilter } from '../filter/compile-filter.js';
import type { CounterContext } from './counter-context.js';
import { type Coverage, countedWindow, exactly } from './coverage.js';
import { EntryTally, grow } from './entry-tally.js';
import { foldedHosts } from './folded-values.js';
import { addUp, type HourCounters, readCounters } from './hour-counters.js';
import { type Percentiles, percentilesOf } from './percentiles.js';
import { responseTimes } from './response-times.js';
import { uniqueVisitors } from './unique-visitors.js';
import { countRanges } from './window-counts.js';

/** The figures of `/logs/stats`, each group with the time it covers. */
export interface Summary {
  /** Requests that were answered. */
  readonly requests: { readonly byStatus: Counts; readonly coverage: Coverage };
  /** Requests and all other entries. */
  readonly entries: {
    readonly total: number;
    readonly byLevel: Counts;
    readonly bytesSent: number;
    readonly coverage: Coverage;
  };
  readonly responseTimes: Percentiles & { readonly coverage: Coverage };
  readonly uniqueVisitors: { readonly count: number | null; readonly coverage: Coverage };
}

type Counts = ReadonlyMap<string, number>;

/** Shows every match to `visit`. @returns what was covered. */
export type VisitEntries = (visit: EntryTally['add']) => Promise<Coverage>;

/** Counts entries one by one: exact, for any filter, as far as they are looked at. */
export async function summaryOfEntries(visitEntries: VisitEntries): Promise<Summary> {
  const tally = new EntryTally();
  const coverage = await visitEntries((entry) => tally.add(entry));
  return {
    requests: { byStatus: tally.byStatus, coverage },
    entries: { total: tally.entries, byLevel: tally.byLevel, bytesSent: tally.bytesSent, coverage },
    responseTimes: { ...percentilesOf(tally.responseTimes), coverage },
    uniqueVisitors: { count: tally.visitors.size, coverage },
  };
}

/**
 * Reads what writers counted, of all hosts or one: it takes as long for a few entries as for many.
 *
 * @param contexts of each shard
 */
export async function summaryOfCounters(
  contexts: readonly CounterContext[],
  window: TimeWindow,
  host: string | undefined,
): Promise<Summary> {
  const { retentionDays, now } = contexts[0] as CounterContext;
  const kept = { stepMs: HOUR_MS, keptMs: retentionDays.stats * DAY_MS } as const;
  const { coverage: ofAll, steps } = countedWindow(window, kept, now);
  const coverage = host === undefined ? ofAll : await withoutOthers(contexts, ofAll, steps);
  const hours = await Promise.all(
    contexts.map(({ redis, keyspace, signal }) =>
      readCounters(
        redis,
        steps.map((hour) => keyspace.requestStats(hour, host)),
        signal,
      ),
    ),
  );
  const { byStatus, byLevel, bytesSent } = splitCounters(hours.flat());
  const isInIndex = host === undefined && window.from >= now - retentionDays.requests * DAY_MS;
  return {
    requests: isInIndex
      ? { byStatus: await countStatuses(contexts, window), coverage: exactly(window) }
      : { byStatus, coverage },
    entries: { total: sumOf(byLevel), byLevel, bytesSent, coverage },
    responseTimes: await responseTimes(contexts, window, host),
    uniqueVisitors: await uniqueVisitors(contexts, window, host),
  };
}

/** Says that some requests of a host may not be counted as its own. */
async function withoutOthers(
  contexts: readonly CounterContext[],
  coverage: Coverage,
  hours: readonly number[],
): Promise<Coverage> {
  const counted = await Promise.all(
    contexts.map(({ redis, keyspace }) => foldedHosts(redis, keyspace, hours)),
  );
  const others = counted.reduce((sum, count) => sum + count, 0);
  if (others === 0) return coverage;
  const note = `${others} requests of further hosts are counted together, and some may be of this one`;
  return { ...coverage, isExact: false, note: [coverage.note, note].filter(Boolean).join('; ') };
}

/** The host, where the filter asks for one host and nothing else, `undefined` for no filter at all; else `false`. */
export function hostAlone({ conditions }: CompiledFilter): string | undefined | false {
  const [only, ...others] = conditions;
  if (only === undefined) return undefined;
  const { field, values, isNegated } = only;
  const isHost = field === 'host' && !isNegated && values.length === 1;
  return isHost && others.length === 0 ? (values[0] as string) : false;
}

/** Exact for any window, however many requests it has. */
async function countStatuses(
  contexts: readonly CounterContext[],
  { from, to }: TimeWindow,
): Promise<Map<string, number>> {
  const spec = indexNamed('status');
  const statuses = Array.from({ length: 500 }, (_, i) => String(100 + i));
  const counted = await Promise.all(
    contexts.map(({ redis, keyspace, signal }) => {
      const ranges = statuses.map((status) => ({ key: keyspace.index(spec, status), from, to }));
      return countRanges(redis, ranges, signal);
    }),
  );
  const sums = new Map<string, number>();
  for (const counts of counted)
    for (const [i, status] of statuses.entries()) if (counts[i]) grow(sums, status, counts[i]);
  return sums;
}

/** Fields are `status_404`, `level_INFO` (requests), `log_INFO` (other entries), `bytes` and `total`. */
function splitCounters(hours: readonly HourCounters[]) {
  const byStatus = new Map<string, number>();
  const byLevel = new Map<string, number>();
  const sums = addUp(hours);
  for (const [field, count] of sums) {
    const [, family, name = ''] = /^(status|level|log)_(.+)$/.exec(field) ?? [];
    if (family !== undefined) grow(family === 'status' ? byStatus : byLevel, name, count);
  }
  return { byStatus, byLevel, bytesSent: sums.get('bytes') ?? 0 };
}

/** All counts together. */
export function sumOf(counts: Counts): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
