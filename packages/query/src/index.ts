export { type Clear, type ClearOptions, type ClearRequest, createClear } from './clear.js';
export type { TailEvent } from './follower.js';
export { matchesFilter } from './matches-filter.js';
export {
  createReader,
  DEFAULT_SCAN_BUDGET,
  type LogReader,
  type ReaderOptions,
  type ScanBudget,
  type SearchPage,
  type SearchRequest,
} from './reader.js';
export type { Coverage } from './statistics/coverage.js';
export { DEFAULT_ENTRY_BUDGET, type EntryBudget } from './statistics/entry-scan.js';
export type { EventCounts } from './statistics/events.js';
export type { Histogram, HistogramBucket } from './statistics/histogram.js';
export type { Slowest } from './statistics/slowest.js';
export {
  createStatistics,
  type Statistics,
  type StatisticsOptions,
  type StatisticsRequest,
} from './statistics/statistics.js';
export type { Summary } from './statistics/summary.js';
export type { Top } from './statistics/top.js';
export { isStreamId } from './stream-entry.js';
export { createTail, type FollowRequest, type Tail, type TailOptions } from './tail.js';
