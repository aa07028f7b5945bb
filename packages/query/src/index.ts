export { type Clear, type ClearOptions, type ClearRequest, createClear } from './clear/clear.js';
export type { DiagnosedFlow } from './diagnosis/diagnose.js';
export {
  type CompiledFilter,
  type Condition,
  type ConditionField,
  compileFilter,
} from './filter/compile-filter.js';
export { KeyConflictError } from './key-conflict.js';
export type { FlowStep, OAuthFlow } from './oauth/flow.js';
export { DEFAULT_FLOW_BUDGET, type FlowBudget } from './oauth/flow-entries.js';
export {
  createOAuthFlows,
  type FlowsRequest,
  type FoundFlows,
  type OAuthFlows,
  type OAuthFlowsOptions,
} from './oauth/oauth-flows.js';
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
export type { Coverage } from './statistics/coverage.js';
export type { Histogram, HistogramBucket } from './statistics/entries-over-time.js';
export { DEFAULT_ENTRY_BUDGET, type EntryBudget } from './statistics/entry-scan.js';
export type { EventCounts } from './statistics/events.js';
export type { Slowest } from './statistics/slowest.js';
export {
  createStatistics,
  type Statistics,
  type StatisticsOptions,
  type StatisticsRequest,
} from './statistics/statistics.js';
export type { Summary } from './statistics/summary.js';
export type { Top } from './statistics/top.js';
export { checkStorageVersion } from './storage-check.js';
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
  type DeliveryAccount,
  type DeliveryReader,
  type DeliveryReport,
  type Writer,
} from './writers/delivery.js';
export { createLevelSettings, type LevelSettings } from './writers/level-settings.js';
