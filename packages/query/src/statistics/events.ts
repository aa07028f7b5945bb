import { DAY_MS, type Entry, HOUR_MS, indexNamed, type TimeWindow } from '@tailrace/schema';
import { compileFilter } from '../filter/compile-filter.js';
import type { CounterContext } from './counter-context.js';
import { type Coverage, countedWindow } from './coverage.js';
import { grow } from './entry-tally.js';
import { readCounters } from './hour-counters.js';
import { countRanges } from './window-counts.js';

/** Events counted hour by hour. */
export interface EventCounts {
  /** Oldest first; hours without events are left out. */
  readonly hours: readonly { readonly hour: number; readonly counts: ReadonlyMap<string, number> }[];
  readonly totals: ReadonlyMap<string, number>;
  readonly coverage: Coverage;
}

/**
 * Counts entries by event and hour. Hours that lie only partly in the window are counted exactly, from the indexes of
 * their events, as long as those reach back there.
 *
 * @param contexts of each shard
 * @param wanted events, those with `*` at their end for all that begin so; empty: all events
 */
export async function eventCounts(
  contexts: readonly CounterContext[],
  window: TimeWindow,
  wanted: readonly string[],
): Promise<EventCounts> {
  const counted = await Promise.all(contexts.map((context) => eventsOf(context, window, wanted)));
  const [first] = counted as [EventCounts];
  if (counted.length === 1) return first;
  const byHour = new Map<number, Map<string, number>>();
  const totals = new Map<string, number>();
  for (const { hours, totals: ofShard } of counted) {
    for (const [name, count] of ofShard) grow(totals, name, count);
    for (const { hour, counts } of hours) {
      const sums = byHour.get(hour) ?? new Map<string, number>();
      for (const [name, count] of counts) grow(sums, name, count);
      byHour.set(hour, sums);
    }
  }
  const hours = [...byHour].sort(([a], [b]) => a - b).map(([hour, counts]) => ({ hour, counts }));
  const coverage = counted.find((one) => !one.coverage.isExact)?.coverage ?? first.coverage;
  return { hours, totals, coverage };
}

async function eventsOf(
  context: CounterContext,
  window: TimeWindow,
  wanted: readonly string[],
): Promise<EventCounts> {
  const { redis, keyspace, retentionDays, now, signal } = context;
  const kept = { stepMs: HOUR_MS, keptMs: retentionDays.stats * DAY_MS } as const;
  let { coverage, steps } = countedWindow(window, kept, now);
  const isAsked = eventMatcher(wanted);
  const read = await readCounters(
    redis,
    steps.map((hour) => keyspace.eventStats(hour)),
    signal,
  );
  const hours = steps.map((hour, i) => ({
    hour,
    counts: new Map([...(read[i]?.counts ?? [])].filter(([name]) => isAsked(name))),
  }));
  if (window.from >= now - retentionDays.requests * DAY_MS) {
    const partial = hours.filter(({ hour }) => hour < window.from || hour + HOUR_MS - 1 > window.to);
    for (const part of partial) await countExactly(part);
    coverage = { ...window, isExact: true };
  }
  if (read.some(({ isCut }) => isCut)) {
    coverage = { ...coverage, isExact: false, note: 'an hour has too many different events to count all' };
  }
  const totals = new Map<string, number>();
  for (const { counts } of hours) for (const [name, count] of counts) grow(totals, name, count);
  return { hours: hours.filter(({ counts }) => counts.size > 0).reverse(), totals, coverage };

  async function countExactly({ hour, counts }: { hour: number; counts: Map<string, number> }) {
    const names = [...counts.keys()];
    const from = Math.max(hour, window.from);
    const to = Math.min(hour + HOUR_MS - 1, window.to);
    const ranges = names.map((name) => {
      const index = indexNamed(name.startsWith('oauth.') ? 'oauth' : 'event');
      return { key: keyspace.index(index, name), from, to };
    });
    const exact = await countRanges(redis, ranges, signal);
    for (const [i, name] of names.entries()) {
      const count = exact[i] ?? 0;
      if (count > 0) counts.set(name, count);
      else counts.delete(name);
    }
  }
}

function eventMatcher(wanted: readonly string[]): (name: string) => boolean {
  const { matches } = compileFilter({ event: wanted });
  return (name) => wanted.length === 0 || matches({ event: name } as Entry);
}
