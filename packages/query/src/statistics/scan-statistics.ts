import type { Entry } from '@tailrace/schema';
import { compileFilter } from '../filter/compile-filter.js';
import { DEFAULT_MAX_PAGE_BYTES, type LogReader } from '../search/reader.js';
import type { Coverage } from './coverage.js';
import { histogramOfEntries } from './entries-over-time.js';
import { DEFAULT_ENTRY_BUDGET, type EntryBudget, scanEntries } from './entry-scan.js';
import { grow } from './entry-tally.js';
import { slowestOf } from './slowest.js';
import type { Abortable, Statistics, StatisticsRequest } from './statistics.js';
import { summaryOfEntries, type VisitEntries } from './summary.js';
import { highest, topOfEntries } from './top.js';

/** @see createScanStatistics */
export interface ScanStatisticsOptions {
  readonly reader: LogReader;
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** How many entries one question may look at. @default {@link DEFAULT_ENTRY_BUDGET} */
  readonly entryBudget?: EntryBudget;
}

/** Values of fields and how many entries have each, most first. */
export interface ScannedFacets {
  readonly facets: Readonly<Record<string, readonly { readonly value: string; readonly count: number }[]>>;
  readonly coverage: Coverage;
}

/** @see createScanStatistics */
export interface ScanStatistics extends Pick<Statistics, 'summary' | 'top' | 'histogram' | 'slowest'> {
  /** @param columnOf field of an entry by the name it is asked for by */
  facets(
    request: StatisticsRequest & { readonly fields: readonly string[]; readonly limit: number },
    options?: Abortable,
  ): Promise<ScannedFacets>;
}

/** Figures by looking at entries one by one: exact for any filter, of the newest ones where there are too many. */
export function createScanStatistics({
  reader,
  now = Date.now,
  entryBudget: budget = DEFAULT_ENTRY_BUDGET,
}: ScanStatisticsOptions): ScanStatistics {
  function visiting({ filter, window }: StatisticsRequest, signal?: AbortSignal): VisitEntries {
    return (visit) =>
      scanEntries({ reader, filter: compileFilter(filter), window, budget, now, signal }, visit);
  }
  return {
    summary: (request, { signal } = {}) => summaryOfEntries(visiting(request, signal)),
    top: (request, { signal } = {}) => topOfEntries(visiting(request, signal), request.by, request.limit),
    histogram: (request, { signal } = {}) =>
      histogramOfEntries(visiting(request, signal), request.window, request.buckets, request.split),
    slowest: (request, { signal } = {}) =>
      slowestOf(visiting(request, signal), { limit: request.limit, maxSize: DEFAULT_MAX_PAGE_BYTES }),
    async facets(request, { signal } = {}) {
      const counts = new Map(request.fields.map((field) => [field, new Map<string, number>()]));
      const coverage = await visiting(
        request,
        signal,
      )((entry) => {
        for (const [field, values] of counts) {
          const value = FACET_VALUES[field]?.(entry);
          if (value !== undefined) grow(values, String(value));
        }
      });
      const facets = Object.fromEntries(
        [...counts].map(([field, values]) => [
          field,
          highest(values, request.limit).map(([value, count]) => ({ value, count })),
        ]),
      );
      return { facets, coverage };
    },
  };
}

/** The value an entry has of each field that can be counted. */
const FACET_VALUES: Readonly<Record<string, (entry: Entry) => string | number | undefined>> = {
  level: ({ level }) => level,
  component: ({ component }) => component,
  status: ({ status_code }) => status_code,
  method: ({ method }) => method,
  host: ({ proxy_hostname }) => proxy_hostname,
  ip: ({ client_ip }) => client_ip,
  user: ({ user_id }) => user_id,
  client: ({ client_id }) => client_id,
  event: ({ event }) => event,
  outcome: ({ outcome }) => outcome,
  route: ({ route }) => route,
  path: ({ path }) => path,
};
