import { compileFilter } from '../filter/compile-filter.js';
import { DEFAULT_MAX_PAGE_BYTES, type LogReader } from '../search/reader.js';
import { histogramOfEntries } from './entries-over-time.js';
import { DEFAULT_ENTRY_BUDGET, type EntryBudget, scanEntries } from './entry-scan.js';
import { grow } from './entry-tally.js';
import { facetValues } from './facet-values.js';
import { slowestOf } from './slowest.js';
import type { Statistics, StatisticsRequest } from './statistics.js';
import { summaryOfEntries, type VisitEntries } from './summary.js';
import { timesOfEntries } from './times-over-time.js';
import { highest, topOfEntries } from './top.js';

/** @see createScanStatistics */
export interface ScanStatisticsOptions {
  readonly reader: LogReader;
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** How many entries one question may look at. @default {@link DEFAULT_ENTRY_BUDGET} */
  readonly entryBudget?: EntryBudget;
}

/** @see createScanStatistics */
export type ScanStatistics = Pick<
  Statistics,
  'summary' | 'top' | 'histogram' | 'times' | 'slowest' | 'facets'
>;

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
    times: (request, { signal } = {}) =>
      timesOfEntries(visiting(request, signal), request.window, request.buckets),
    slowest: (request, { signal } = {}) =>
      slowestOf(visiting(request, signal), { limit: request.limit, maxSize: DEFAULT_MAX_PAGE_BYTES }),
    async facets(request, { signal } = {}) {
      const tallies = request.fields.map((field) => ({
        field,
        valuesOf: facetValues(field),
        counts: new Map<string, number>(),
      }));
      const coverage = await visiting(
        request,
        signal,
      )((entry) => {
        for (const { valuesOf, counts } of tallies) {
          for (const value of valuesOf(entry)) grow(counts, value);
        }
      });
      const facets = Object.fromEntries(
        tallies.map(({ field, counts }) => [
          field,
          highest(counts, request.limit).map(([value, count]) => ({ value, count })),
        ]),
      );
      return { facets, coverage };
    },
  };
}
