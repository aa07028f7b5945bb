import {
  DAY_MS,
  type Entry,
  HOUR_MS,
  MAX_OUTSIDE_VALUES,
  METHOD_KEYS,
  OTHER_VALUE,
  otherPathValue,
  pathValue,
  type TimeWindow,
  type TopField,
} from '@tailrace/schema';
import type { CounterContext } from './counter-context.js';
import { type Coverage, countedWindow } from './coverage.js';
import { grow } from './entry-tally.js';
import { pairsOf, readHostHours } from './host-hours.js';
import { pipelined } from './hour-counters.js';
import type { VisitEntries } from './summary.js';

/** The most frequent values of one field. */
export interface Top {
  /** Most frequent first, those of equal count by name. */
  readonly top: readonly (readonly [value: string, count: number])[];
  readonly coverage: Coverage;
}

/** The value of an entry that is ranked: users of all entries, the others of requests only. A path is its method and pattern. */
const VALUE_OF: Readonly<Record<TopField, (entry: Entry) => string | undefined>> = {
  path: (entry) => (entry.kind === 'request' ? pathValue(entry) : undefined),
  ip: (entry) => (entry.kind === 'request' ? entry.client_ip : undefined),
  host: (entry) => (entry.kind === 'request' ? entry.proxy_hostname : undefined),
  user: (entry) => entry.user_id,
};

/** Ranks the values of the entries looked at. */
export async function topOfEntries(visitEntries: VisitEntries, by: TopField, limit: number): Promise<Top> {
  const counts = new Map<string, number>();
  const coverage = await visitEntries((entry) => {
    const value = VALUE_OF[by](entry);
    if (value !== undefined) grow(counts, value);
  });
  return { top: highest(counts, limit), coverage };
}

/** Members of `stats:paths` read over all hours of a question. */
const MAX_PATHS = 200_000;
/** Members of one hour, at most and at least. */
const MAX_PATHS_AN_HOUR = 2_000;
const MIN_PATHS_AN_HOUR = 50;
const CHUNK = 4;

/** How often there was each value of a field on one shard. */
export interface ValueCounts {
  readonly counts: ReadonlyMap<string, number>;
  readonly coverage: Coverage;
}

/** Ranks the values of all shards together. */
export function rankedTop(counted: readonly ValueCounts[], limit: number): Top {
  const [first, ...others] = counted as [ValueCounts, ...ValueCounts[]];
  const sums = new Map(first.counts);
  let { coverage } = first;
  for (const other of others) {
    for (const [value, count] of other.counts) grow(sums, value, count);
    if (coverage.isExact) coverage = other.coverage;
  }
  return { top: highest(sums, limit), coverage: withOthers(coverage, othersOf(sums)) };
}

/** Counts path patterns by the counters of each hour. */
export async function pathsOfCounters(
  { redis, keyspace, retentionDays, now, signal }: CounterContext,
  window: TimeWindow,
): Promise<ValueCounts> {
  const kept = { stepMs: HOUR_MS, keptMs: retentionDays.stats * DAY_MS } as const;
  const { coverage, steps } = countedWindow(window, kept, now);
  const share = Math.floor(MAX_PATHS / Math.max(1, steps.length));
  const wanted = Math.min(MAX_PATHS_AN_HOUR, Math.max(MIN_PATHS_AN_HOUR, share));
  const counts = new Map<string, number>();
  let isCut = false;
  for (let i = 0; i < steps.length; i += CHUNK) {
    signal?.throwIfAborted();
    const keys = steps.slice(i, i + CHUNK).map((hour) => keyspace.pathStats(hour));
    const replies = await pipelined<string[]>(redis, keys, (pipeline, key) =>
      pipeline.zrevrange(key, 0, wanted, 'WITHSCORES'),
    );
    for (const reply of replies) {
      const pairs = pairsOf(reply ?? []);
      isCut ||= pairs.length > wanted;
      for (const [value, count] of pairs.slice(0, wanted)) grow(counts, value, count);
    }
  }
  const note = `only the ${wanted} most frequent of each hour are counted`;
  return { counts, coverage: isCut ? { ...coverage, isExact: false, note } : coverage };
}

/** Counts hosts by the requests of each hour. */
export async function hostsOfCounters(
  { redis, keyspace, retentionDays, now }: CounterContext,
  window: TimeWindow,
): Promise<ValueCounts> {
  const kept = { stepMs: HOUR_MS, keptMs: retentionDays.stats * DAY_MS } as const;
  const { coverage, steps } = countedWindow(window, kept, now);
  const counts = new Map<string, number>();
  for (const { hosts } of await readHostHours(redis, keyspace, steps)) {
    for (const [host, requests] of hosts) if (host !== '-') grow(counts, host, requests);
  }
  return { counts, coverage };
}

/** Requests under the line of the other values: of hosts, or of paths. */
function othersOf(counts: ReadonlyMap<string, number>): number {
  const lines = [OTHER_VALUE, ...METHOD_KEYS.map(otherPathValue)];
  return lines.reduce((sum, line) => sum + (counts.get(line) ?? 0), 0);
}

/** Says what the line of the other values is, where there is one. */
function withOthers(coverage: Coverage, others: number): Coverage {
  if (others === 0) return coverage;
  const { host, path } = MAX_OUTSIDE_VALUES;
  const bound = `a writer counts ${host} hosts and ${path} paths without a route an hour by name`;
  const note = [coverage.note, `${others} requests are under ${OTHER_VALUE}: ${bound}`]
    .filter(Boolean)
    .join('; ');
  return { ...coverage, isExact: false, note };
}

/** The most frequent, those of equal count by name. */
export function highest(counts: ReadonlyMap<string, number>, limit: number): [string, number][] {
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, limit);
}
