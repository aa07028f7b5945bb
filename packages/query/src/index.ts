export {
  type Clear,
  type ClearOptions,
  type ClearRequest,
  clearScope,
  createClear,
  type ErasedFromFiles,
} from './clear/clear.js';
export { removeEntries } from './clear/clear-matching.js';
export {
  type CostPart,
  createRedisCost,
  type RedisCost,
  type RedisCostReader,
} from './cost/redis-cost.js';
export {
  createDeletedEntriesOf,
  type DeletedEntries,
  type DeletedEntriesOptions,
} from './deleted/deleted-entries.js';
export { type DiagnosedFlow, diagnoseEntries } from './diagnosis/diagnose.js';
export {
  type CompiledFilter,
  type Condition,
  type ConditionField,
  compileFilter,
} from './filter/compile-filter.js';
export { TEXT_FIELDS } from './filter/text-search.js';
export { KeyConflictError } from './key-conflict.js';
export type { FlowStep, OAuthFlow } from './oauth/flow.js';
export { DEFAULT_FLOW_BUDGET, type FlowBudget } from './oauth/flow-entries.js';
export {
  createOAuthFlows,
  createOAuthFlowsOf,
  type FlowsRequest,
  type FoundFlows,
  type OAuthFlows,
  type OAuthFlowsOptions,
} from './oauth/oauth-flows.js';
export { compareNewestFirst } from './search/entry-order.js';
export {
  createReader,
  DEFAULT_MAX_PAGE_BYTES,
  DEFAULT_SCAN_BUDGET,
  type LogReader,
  type ReaderOptions,
  type ScanBudget,
  type SearchPage,
  type SearchRequest,
} from './search/reader.js';
export { ASCII_FOLDINGS, type TextDecision, textDecisionOf } from './search/text-decision.js';
export {
  createSavedSearches,
  MAX_SAVED_SEARCHES,
  type SavedSearch,
  type SavedSearches,
} from './searches/saved-searches.js';
export { patientFlows, patientStatistics } from './shards/patient.js';
export { type Shard, shardsOf } from './shards/shard.js';
export { createShardedClear } from './shards/sharded-clear.js';
export { createReaderOf, createShardedReader } from './shards/sharded-reader.js';
export { createShardedTail } from './shards/sharded-tail.js';
export { type Coverage, exactly } from './statistics/coverage.js';
export {
  emptyHistogram,
  type Histogram,
  type HistogramBucket,
  statusClass,
} from './statistics/entries-over-time.js';
export { DEFAULT_ENTRY_BUDGET, type EntryBudget } from './statistics/entry-scan.js';
export { grow } from './statistics/entry-tally.js';
export type { EventCounts } from './statistics/events.js';
export { percentilesOf } from './statistics/percentiles.js';
export {
  createScanStatistics,
  type ScanStatistics,
  type ScanStatisticsOptions,
} from './statistics/scan-statistics.js';
export { type Slowest, slowestOf } from './statistics/slowest.js';
export {
  type Abortable,
  createStatistics,
  createStatisticsOf,
  type Facets,
  type Statistics,
  type StatisticsOptions,
  type StatisticsRequest,
} from './statistics/statistics.js';
export type { Summary } from './statistics/summary.js';
export type { TimesOverTime } from './statistics/times-over-time.js';
export { highest, type Top } from './statistics/top.js';
export { checkShardCount, checkStorageVersion } from './storage-check.js';
export { compareStreamIds, parseStreamEntry, STREAM_START } from './tail/stream-entry.js';
export { readStream, type StreamRead, type StreamState } from './tail/stream-state.js';
export {
  createTail,
  type Following,
  type FollowRequest,
  type Tail,
  type TailOptions,
} from './tail/tail.js';
export type { EntryEvent, GapEvent, MissedEvent, StatusEvent, TailEvent } from './tail/tail-event.js';
export {
  createDeliveryReader,
  createDeliveryReaderOf,
  type DeliveryAccount,
  type DeliveryReader,
  type DeliveryReport,
  type Writer,
} from './writers/delivery.js';
export { createLevelSettings, type LevelSettings } from './writers/level-settings.js';
