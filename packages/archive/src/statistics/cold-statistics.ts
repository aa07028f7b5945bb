import {
  type CompiledFilter,
  compileFilter,
  type createScanStatistics,
  type EventCounts,
  emptyHistogram,
  exactly,
  grow,
  highest,
  type Statistics,
  slowestOf,
  statusClass,
} from '@tailrace/query';
import {
  FACET_COLUMNS,
  type HistogramSplit,
  HOUR_MS,
  isDataFilter,
  pathValue,
  type TimeWindow,
  type TopField,
} from '@tailrace/schema';
import type { Duck } from '../duck/duck.js';
import { hiddenWithin } from '../erase/hidden-entries.js';
import { type ColdView, unsealedMatches } from '../read/cold-reader.js';
import { rowsSql } from '../read/sealed-rows.js';
import { ALL_COLUMNS } from '../rows/columns.js';
import { entryOfRow } from '../rows/entry-of-row.js';
import { type Asked, rowsOf } from './asked.js';
import { mostFrequent } from './most-frequent.js';
import { pathCounts } from './path-counts.js';
import { summaryOf } from './sealed-summary.js';
import { timesOf } from './sealed-times.js';

/** @see createColdStatistics */
export interface ColdStatisticsOptions {
  readonly duck: Duck;
  readonly folder: string;
  readonly view: () => Promise<ColdView>;
  /** Looks at entries one by one where SQL cannot tell which ones are wanted. */
  readonly scanning: ReturnType<typeof createScanStatistics>;
}

/** Figures over sealed files and what is unsealed: of every entry, and exact. */
export type ColdStatistics = Omit<Statistics, 'folded'>;

/** Makes the statistics of an archive. They do nothing until they are asked. */
export function createColdStatistics(options: ColdStatisticsOptions): ColdStatistics {
  const { duck, folder, view, scanning } = options;

  /** @returns `undefined` where SQL cannot tell which rows are wanted */
  async function ask(
    filter: CompiledFilter,
    window: TimeWindow,
    signal?: AbortSignal,
  ): Promise<Asked | undefined> {
    const { manifest, unsealed, lack } = await view();
    const files = manifest.files.filter(({ from, to }) => from <= window.to && to >= window.from);
    const fresh = unsealedMatches(unsealed, { filter, window });
    const coverage =
      lack === undefined ? exactly(window) : { ...exactly(window), isExact: false, note: lack };
    if (files.length === 0) return { sql: undefined, fresh, coverage };
    const { text, isExact } = rowsSql({
      folder,
      files,
      filter,
      window,
      hidden: hiddenWithin(manifest, window),
    });
    if (!isExact || manifest.tombstones.length > 0) return undefined;
    if (filter.conditions.length > 0) {
      const [row] = await duck.query(`SELECT count("whole") ${text}`, { signal });
      if (Number(row?.[0]) > 0) return undefined;
    }
    return { sql: text, fresh, coverage };
  }

  const rows = (asked: Asked, select: string, rest: string, signal?: AbortSignal) =>
    rowsOf(duck, asked, { select, rest, signal });

  return {
    async summary(request, { signal } = {}) {
      const filter = compileFilter(request.filter);
      const asked = await ask(filter, request.window, signal);
      if (asked === undefined) return scanning.summary(request, { ...(signal && { signal }) });
      return summaryOf(duck, asked, signal);
    },

    async events(window, wanted, { signal } = {}) {
      const filter = compileFilter(wanted.length === 0 ? {} : { event: wanted });
      const asked = (await ask(filter, window, signal)) as Asked;
      return eventsOf(asked, signal);
    },

    async top(request, { signal } = {}) {
      const filter = compileFilter(request.filter);
      const asked = await ask(filter, request.window, signal);
      if (asked === undefined) return scanning.top(request, { ...(signal && { signal }) });
      return { top: await topOf(asked, request, signal), coverage: asked.coverage };
    },

    async histogram(request, { signal } = {}) {
      const filter = compileFilter(request.filter);
      const asked = await ask(filter, request.window, signal);
      if (asked === undefined) return scanning.histogram(request, { ...(signal && { signal }) });
      return histogramOf(asked, request, signal);
    },

    async slowest(request, { signal } = {}) {
      const filter = compileFilter(request.filter);
      const asked = await ask(filter, request.window, signal);
      if (asked === undefined) return scanning.slowest(request, { ...(signal && { signal }) });
      const order = `AND "response_time_ms" IS NOT NULL ORDER BY "response_time_ms" DESC, "timestamp" DESC LIMIT ${request.limit}`;
      const sealed = (await rows(asked, ALL_COLUMNS, order, signal)).map(entryOfRow);
      const bounds = { limit: request.limit, maxSize: 16_777_216 };
      return slowestOf(async (visit) => {
        for (const entry of [...sealed, ...asked.fresh]) visit(entry);
        return asked.coverage;
      }, bounds);
    },

    async facets(request, { signal } = {}) {
      const filter = compileFilter(request.filter);
      const asked = await ask(filter, request.window, signal);
      if (asked === undefined) return scanning.facets(request, { ...(signal && { signal }) });
      const facets: Record<string, { value: string; count: number }[]> = {};
      // Values inside of `data` are no columns: the newest entries are looked at one by one.
      const inData = request.fields.filter(isDataFilter);
      const scanned =
        inData.length === 0
          ? undefined
          : await scanning.facets({ ...request, fields: inData }, { ...(signal && { signal }) });
      for (const field of request.fields) {
        if (isDataFilter(field)) {
          facets[field] = [...(scanned?.facets[field] ?? [])];
          continue;
        }
        if (field === 'pattern') {
          facets[field] = await patternsOf(asked, request.limit, signal);
          continue;
        }
        const column = FACET_COLUMNS[field];
        const fresh = new Map<string, number>();
        for (const { [column]: value } of asked.fresh) if (value !== undefined) grow(fresh, String(value));
        const found = await mostFrequent(duck, asked, { column, fresh, limit: request.limit }, signal);
        facets[field] = found.map(([value, count]) => ({ value, count }));
      }
      return { facets, coverage: scanned?.coverage ?? asked.coverage };
    },

    async times(request, { signal } = {}) {
      const filter = compileFilter(request.filter);
      const asked = await ask(filter, request.window, signal);
      if (asked === undefined) return scanning.times(request, { ...(signal && { signal }) });
      return timesOf(duck, asked, request, signal);
    },
  };

  async function patternsOf(asked: Asked, limit: number, signal?: AbortSignal) {
    const counts = await pathCounts(duck, asked, { ...(signal && { signal }) });
    for (const entry of asked.fresh) {
      const value = entry.kind === 'request' ? pathValue(entry) : undefined;
      if (value !== undefined) grow(counts, value);
    }
    return highest(counts, limit).map(([value, count]) => ({ value, count }));
  }

  async function eventsOf(asked: Asked, signal?: AbortSignal): Promise<EventCounts> {
    const hours = new Map<number, Map<string, number>>();
    const totals = new Map<string, number>();
    const add = (hour: number, event: string, count: number) => {
      const counts = hours.get(hour) ?? new Map<string, number>();
      hours.set(hour, counts);
      grow(counts, event, count);
      grow(totals, event, count);
    };
    const hour = `"timestamp" - "timestamp" % ${HOUR_MS}`;
    const groups = await rows(
      asked,
      `${hour}, "event", count(*)`,
      'AND "event" IS NOT NULL GROUP BY 1, 2',
      signal,
    );
    for (const [at, event, count] of groups) add(Number(at), String(event), Number(count));
    for (const { timestamp, event } of asked.fresh) {
      if (event !== undefined) add(timestamp - (timestamp % HOUR_MS), event, 1);
    }
    const sorted = [...hours].sort(([a], [b]) => a - b).map(([hour, counts]) => ({ hour, counts }));
    return { hours: sorted, totals, coverage: asked.coverage };
  }

  async function topOf(
    asked: Asked,
    { by, limit }: { readonly by: TopField; readonly limit: number },
    signal?: AbortSignal,
  ): Promise<[string, number][]> {
    const requestsOnly = by !== 'user';
    const counts = new Map<string, number>();
    for (const entry of asked.fresh) {
      if (requestsOnly && entry.kind !== 'request') continue;
      const value = by === 'path' ? pathValue(entry) : entry[FACET_COLUMNS[by]];
      if (value !== undefined) grow(counts, String(value));
    }
    if (by !== 'path')
      return mostFrequent(
        duck,
        asked,
        { column: FACET_COLUMNS[by], fresh: counts, limit, requestsOnly },
        signal,
      );
    for (const [value, count] of await pathCounts(duck, asked, { ...(signal && { signal }) }))
      grow(counts, value, count);
    return highest(counts, limit);
  }

  async function histogramOf(
    asked: Asked,
    {
      window,
      buckets,
      split,
    }: { readonly window: TimeWindow; readonly buckets: number; readonly split: HistogramSplit },
    signal?: AbortSignal,
  ) {
    const empty = emptyHistogram(window, buckets);
    const last = empty.buckets.length - 1;
    const add = (number: number, name: string | undefined, count: number) => {
      const bucket = empty.buckets[Math.min(number, last)];
      if (bucket === undefined || name === undefined) return;
      bucket.count += count;
      if (name !== '') grow(bucket.by, name, count);
    };
    const nameOf = (isRequest: boolean, level: string, status: number | undefined) => {
      if (split === 'none') return '';
      if (split === 'level') return level;
      return isRequest && status !== undefined ? statusClass(status) : undefined;
    };
    const number = `("timestamp" - ${window.from}) // ${empty.bucketMs}`;
    const groups = await rows(
      asked,
      `${number}, "is_request", "level", "status_code", count(*)`,
      'GROUP BY 1, 2, 3, 4',
      signal,
    );
    for (const [at, isRequest, level, status, count] of groups) {
      const name = nameOf(isRequest === true, String(level), status === null ? undefined : Number(status));
      add(Number(at), name, Number(count));
    }
    for (const { timestamp, kind, level, status_code } of asked.fresh) {
      add(
        Math.floor((timestamp - window.from) / empty.bucketMs),
        nameOf(kind === 'request', level, status_code),
        1,
      );
    }
    return { ...empty, coverage: asked.coverage };
  }
}
