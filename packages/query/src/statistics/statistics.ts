import {
  DAY_MS,
  type FacetName,
  type Filter,
  type HistogramSplit,
  type RetentionDays,
  type TimeWindow,
  type TopField,
} from '@tailrace/schema';
import { type CompiledFilter, compileFilter } from '../filter/compile-filter.js';
import { candidateGroups } from '../search/candidate-groups.js';
import { DEFAULT_MAX_PAGE_BYTES, type LogReader } from '../search/reader.js';
import { planSearch } from '../search/search-plan.js';
import type { Shard } from '../shards/shard.js';
import type { CounterContext } from './counter-context.js';
import type { Coverage } from './coverage.js';
import {
  type Histogram,
  histogramOfEntries,
  histogramOfIndexes,
  sumOfHistograms,
} from './entries-over-time.js';
import { DEFAULT_ENTRY_BUDGET, type EntryBudget, scanEntries } from './entry-scan.js';
import { type EventCounts, eventCounts } from './events.js';
import { type FoldedNow, foldedNow } from './folded-values.js';
import { heldKeys, type IndexedSplit, indexedSplit } from './indexed-split.js';
import { createScanStatistics } from './scan-statistics.js';
import { type Slowest, slowestOf } from './slowest.js';
import {
  hostAlone,
  type Summary,
  summaryOfCounters,
  summaryOfEntries,
  type VisitEntries,
} from './summary.js';
import { isOfMinutes, type TimesOverTime, timesOfEntries, timesOfMinutes } from './times-over-time.js';
import {
  hostsOfCounters,
  pathsOfCounters,
  rankedTop,
  type Top,
  topOfEntries,
  type ValueCounts,
} from './top.js';
import { ipsOfIndexes } from './top-ips.js';

/** What figures are about. */
export interface StatisticsRequest {
  readonly filter: Filter | CompiledFilter;
  readonly window: TimeWindow;
}

/** The same with its filter read. */
interface Question {
  readonly filter: CompiledFilter;
  readonly window: TimeWindow;
}

/** @see Statistics */
export interface StatisticsOptions extends Shard, StatisticsSettings {}

/** @see createStatisticsOf */
export interface StatisticsSettings {
  readonly retentionDays: RetentionDays;
  readonly reader: LogReader;
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** How many entries one question may look at. @default {@link DEFAULT_ENTRY_BUDGET} */
  readonly entryBudget?: EntryBudget;
  /** Up to so many entries are counted one by one where counters would do as well. @default 5000 */
  readonly exactUpTo?: number;
}

/** How to count values without looking at entries, where that is possible. */
const COUNTS_OF_MANY: {
  readonly [Field in TopField]?: (context: CounterContext, window: TimeWindow) => Promise<ValueCounts>;
} = { path: pathsOfCounters, host: hostsOfCounters, ip: ipsOfIndexes };

/** Counting them takes some 200 ms. */
const DEFAULT_EXACT_UP_TO = 5_000;

/** The most frequent values of some fields, under one filter. */
export interface Facets {
  /** By field: most frequent first, those of equal count by name. */
  readonly facets: Readonly<Record<string, readonly { readonly value: string; readonly count: number }[]>>;
  readonly coverage: Coverage;
}

/** Ends a question early. */
export interface Abortable {
  readonly signal?: AbortSignal;
}

/**
 * Figures over what is stored. Few entries are counted one by one, which is exact; of many, the counters and indexes
 * are read, and what they cover is said. Every answer is bounded.
 *
 * Every method throws what the connection throws, or an abort's reason.
 */
export interface Statistics {
  /** Requests, entries, response times and visitors. */
  summary(request: StatisticsRequest, options?: Abortable): Promise<Summary>;
  /** Entries by event and hour. @param wanted as the filter `event` takes them; empty: all events */
  events(window: TimeWindow, wanted: readonly string[], options?: Abortable): Promise<EventCounts>;
  /** The most frequent values of a field. */
  top(
    request: StatisticsRequest & { readonly by: TopField; readonly limit: number },
    options?: Abortable,
  ): Promise<Top>;
  /** Entries over time. */
  histogram(
    request: StatisticsRequest & { readonly buckets: number; readonly split: HistogramSplit },
    options?: Abortable,
  ): Promise<Histogram>;
  /** Response times of requests over time. */
  times(
    request: StatisticsRequest & { readonly buckets: number },
    options?: Abortable,
  ): Promise<TimesOverTime>;
  /** The matches with the longest response times; the filter's `min_ms` keeps the others out. */
  slowest(request: StatisticsRequest & { readonly limit: number }, options?: Abortable): Promise<Slowest>;
  /** The most frequent values of several fields. */
  facets(
    request: StatisticsRequest & { readonly fields: readonly FacetName[]; readonly limit: number },
    options?: Abortable,
  ): Promise<Facets>;
  /** Requests of the present hour that are counted under no host or path of their own. */
  folded(): Promise<FoldedNow>;
}

/** Makes the statistics of one keyspace. They do nothing until they are asked. */
export function createStatistics({ redis, keyspace, ...settings }: StatisticsOptions): Statistics {
  return createStatisticsOf([{ redis, keyspace }], settings);
}

/** The same of all shards of a cluster together. @param options.reader finds the entries of all of them */
export function createStatisticsOf(shards: readonly Shard[], options: StatisticsSettings): Statistics {
  const { retentionDays, reader } = options;
  const { now = Date.now, entryBudget: budget = DEFAULT_ENTRY_BUDGET } = options;
  const { exactUpTo = DEFAULT_EXACT_UP_TO } = options;
  const scanning = createScanStatistics({ reader, now, entryBudget: budget });

  return {
    async summary(request, { signal } = {}) {
      const question = questionOf(request);
      const { filter, window } = question;
      const host = hostAlone(filter);
      if (host === false || (await isCountable(question)))
        return summaryOfEntries(visiting(question, signal));
      return summaryOfCounters(contextsOf(signal), window, host);
    },

    events(window, wanted, { signal } = {}) {
      return eventCounts(contextsOf(signal), window, wanted);
    },

    async top(request, { signal } = {}) {
      const question = questionOf(request);
      const { filter, window } = question;
      const { by, limit } = request;
      const ofMany = COUNTS_OF_MANY[by];
      const isAll = hostAlone(filter) === undefined && (by !== 'ip' || isKept(window));
      if (ofMany === undefined || !isAll || (await isCountable(question))) {
        return topOfEntries(visiting(question, signal), by, limit);
      }
      return rankedTop(await Promise.all(contextsOf(signal).map((one) => ofMany(one, window))), limit);
    },

    async histogram(request, { signal } = {}) {
      const question = questionOf(request);
      const { window } = question;
      const { buckets, split } = request;
      const ofShards = await Promise.all(
        shards.map((shard) =>
          isKept(window) ? indexedSplit(shard, question, split, groupsOf(shard, question)) : undefined,
        ),
      );
      const keys = ofShards.every((one) => one !== undefined) ? ofShards : undefined;
      const isExact = keys?.every(({ isInexact }) => !isInexact);
      if (keys === undefined || (!isExact && (await isCountable(question)))) {
        return histogramOfEntries(visiting(question, signal), window, buckets, split);
      }
      const counting = shards.map(async (shard, i) => {
        const held = await heldKeys(shard, (keys[i] as IndexedSplit).groups, window);
        return histogramOfIndexes({ redis: shard.redis, signal }, window, buckets, held);
      });
      const histogram = sumOfHistograms(await Promise.all(counting));
      if (isExact) return histogram;
      const note = 'a request whose writer gave it another level than its status has is counted twice';
      return { ...histogram, coverage: { ...histogram.coverage, isExact: false, note } };
    },

    async times(request, { signal } = {}) {
      const question = questionOf(request);
      const { window, filter } = question;
      const { buckets } = request;
      const host = hostAlone(filter);
      if (host === false || !isOfMinutes(window, buckets) || (await isCountable(question))) {
        return timesOfEntries(visiting(question, signal), window, buckets);
      }
      return timesOfMinutes(contextsOf(signal), window, { buckets, host });
    },

    slowest(request, { signal } = {}) {
      const bounds = { limit: request.limit, maxSize: DEFAULT_MAX_PAGE_BYTES };
      return slowestOf(visiting(questionOf(request), signal), bounds);
    },

    facets: (request, options) => scanning.facets(request, options),

    async folded() {
      const counted = await Promise.all(
        shards.map(({ redis, keyspace }) => foldedNow(redis, keyspace, now())),
      );
      const sum = (of: keyof FoldedNow) => counted.reduce((total, one) => total + one[of], 0);
      return { host: sum('host'), path: sum('path') };
    },
  };

  function contextsOf(signal: AbortSignal | undefined): CounterContext[] {
    return shards.map((shard) => ({ ...shard, retentionDays, now: now(), signal }));
  }

  function visiting({ filter, window }: Question, signal: AbortSignal | undefined): VisitEntries {
    return (visit) => scanEntries({ reader, filter, window, budget, now, signal }, visit);
  }

  function groupsOf({ keyspace }: Shard, { filter, window }: Question) {
    return candidateGroups(filter, false, { keyspace, retentionDays, window, now: now() });
  }

  /** Whether all entries of the window are still there, and few enough to count them one by one. */
  async function isCountable(question: Question): Promise<boolean> {
    if (!isKept(question.window)) return false;
    const plans = await Promise.all(
      shards.map((shard) => planSearch(shard.redis, groupsOf(shard, question), question.window.to)),
    );
    return plans.reduce((sum, { candidates }) => sum + candidates, 0) <= exactUpTo;
  }

  function isKept(window: TimeWindow): boolean {
    return window.from >= now() - retentionDays.requests * DAY_MS;
  }
}

function questionOf({ filter, window }: StatisticsRequest): Question {
  return { filter: compileFilter(filter), window };
}
