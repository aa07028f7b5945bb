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

/** Reads what writers counted, of all hosts or one: it takes as long for a few entries as for many. */
export async function summaryOfCounters(
  context: CounterContext,
  window: TimeWindow,
  host: string | undefined,
): Promise<Summary> {
  const { redis, keyspace, retentionDays, now, signal } = context;
  const kept = { stepMs: HOUR_MS, keptMs: retentionDays.stats * DAY_MS } as const;
  const { coverage: ofAll, steps } = countedWindow(window, kept, now);
  const coverage = host === undefined ? ofAll : await withoutOthers(context, ofAll, steps);
  const hours = await readCounters(
    redis,
    steps.map((hour) => keyspace.requestStats(hour, host)),
    signal,
  );
  const { byStatus, byLevel, bytesSent } = splitCounters(hours);
  const isInIndex = host === undefined && window.from >= now - retentionDays.requests * DAY_MS;
  return {
    requests: isInIndex
      ? { byStatus: await countStatuses(context, window), coverage: exactly(window) }
      : { byStatus, coverage },
    entries: { total: sumOf(byLevel), byLevel, bytesSent, coverage },
    responseTimes: await responseTimes(context, window, host),
    uniqueVisitors: await uniqueVisitors(context, window, host),
  };
}

/** Says that some requests of a host may not be counted as its own. */
async function withoutOthers(
  { redis, keyspace }: CounterContext,
  coverage: Coverage,
  hours: readonly number[],
): Promise<Coverage> {
  const others = await foldedHosts(redis, keyspace, hours);
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
  { redis, keyspace, signal }: CounterContext,
  { from, to }: TimeWindow,
): Promise<Map<string, number>> {
  const spec = indexNamed('status');
  const statuses = Array.from({ length: 500 }, (_, i) => String(100 + i));
  const ranges = statuses.map((status) => ({ key: keyspace.index(spec, status), from, to }));
  const counts = await countRanges(redis, ranges, signal);
  return new Map(statuses.map((status, i) => [status, counts[i] ?? 0] as const).filter(([, n]) => n > 0));
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
