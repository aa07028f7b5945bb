export {
  allows,
  type KnownToken,
  parseScopes,
  parseTokenLines,
  SCOPES,
  type Scope,
  TOKEN_BYTES,
  tokenDigest,
  tokenLine,
  tokenOf,
} from './access-token.js';
export { type ClearProgress, clearProgressSchema, clearQuerySchema } from './clear.js';
export { HOUR_MS, hourKey, MINUTE_MS, minuteKey } from './storage/clock-hour.js';
export { type Cursor, decodeCursor, encodeCursor } from './filter/cursor.js';
export { type DeliveryReply, deliveryReplySchema } from './delivery-reply.js';
export {
  DEFAULT_COMPONENT,
  DROP_EVENT,
  ENTRY_FIELDS,
  type Entry,
  type EntryDraft,
  type EntryError,
  type EntryInput,
  type EntryReply,
  entryInputSchema,
  entryReplySchema,
  entrySchema,
  LOGGER_COMPONENT,
  REQUEST_COMPONENT,
  toEntryReply,
} from './entry/entry.js';
export {
  DEFAULT_PIECE_BYTES,
  decodeEntry,
  decodeStreamEntry,
  kindOfId,
  MAX_PIECES,
  removeImplied,
  requestMessage,
} from './entry/entry-hash.js';
export {
  EXPORT_FORMATS,
  type ExportError,
  type ExportFormat,
  exportErrorSchema,
  exportQuerySchema,
} from './export.js';
export {
  FILTER_FIELDS,
  type Filter,
  type FilterField,
  filterSchema,
  filterShape,
  type OneOrMore,
  type StatusRange,
  takesSeveral,
} from './filter/filter.js';
export { BUCKETS, bucketOf, RELATIVE_ERROR, valueOfBucket } from './storage/histogram.js';
export {
  DEFAULT_INDEX_SETTINGS,
  INDEXES,
  type IndexName,
  type IndexSettings,
  type IndexSpec,
  indexNamed,
  indexRetention,
  NO_VALUE,
  traceBucket,
} from './storage/index-table.js';
export { canonicalIp } from './entry/ip-address.js';
export { Keyspace, type KeyspaceOptions, keyValue, shardOf } from './storage/keyspace.js';
export {
  LEVEL_NAMES,
  LEVELS,
  type Level,
  levelOfStatus,
  levelsFrom,
  parseLevel,
  statusesOfLevel,
} from './entry/level.js';
export {
  decodeLevelTable,
  encodeLevelTable,
  type LevelTable,
  levelTableInputSchema,
  levelTableSchema,
} from './entry/level-table.js';
export { ENTRY_LIMITS, TEXT_LIMITS } from './entry/limits.js';
export {
  DEFAULT_HOURS,
  DEFAULT_LIMIT,
  type LogQuery,
  logQuerySchema,
  MAX_LIMIT,
  type TimeWindow,
  windowOf,
} from './log-query.js';
export {
  OAUTH_EVENT_PREFIX,
  OAUTH_FIELDS,
  OAUTH_JOINS,
  OAUTH_STEPS,
  type OAuthDetails,
  type OAuthJoin,
  type OAuthStep,
  oauthDetailsOf,
  oauthDetailsSchema,
  oauthJoinsOf,
  oauthStepOf,
} from './entry/oauth-details.js';
export {
  DEFAULT_ABANDONED_AFTER_S,
  DEFAULT_FLOWS,
  type Diagnosis,
  diagnosisSchema,
  FLOW_STATES,
  type FlowState,
  type OAuthFlowReply,
  type OAuthFlowsReply,
  type OAuthStepReply,
  type OAuthSummaryReply,
  oauthFlowQuerySchema,
  oauthFlowSchema,
  oauthFlowsReplySchema,
  oauthIpQuerySchema,
  oauthSummaryReplySchema,
  oauthUserQuerySchema,
} from './oauth-reply.js';
export {
  OAUTH_ENDPOINTS,
  type OAuthEndpoints,
  type OAuthRequest,
  readOAuthRequest,
  type SeenRequest,
} from './entry/oauth-request.js';
export {
  literalStart,
  METHOD_KEYS,
  methodKey,
  pathPattern,
  pathValue,
  UNMATCHED_PATTERN,
  unmatchedValue,
} from './entry/path-pattern.js';
export {
  type EntryFound,
  ERROR_CODES,
  type ErrorCode,
  type ErrorReply,
  entryFoundSchema,
  errorReplySchema,
  type HealthReply,
  healthReplySchema,
  type IngestReply,
  ingestReplySchema,
  type LogsReply,
  logsReplySchema,
  type ReadyReply,
  readyReplySchema,
  type TestReply,
  testReplySchema,
} from './reply.js';
export {
  type AgeRefusal,
  ageRefusal,
  classOf,
  DAY_MS,
  DEFAULT_RETENTION_DAYS,
  isError,
  MAX_FUTURE_MS,
  parseRetentionDays,
  RETENTION_CLASSES,
  type RetentionClass,
  type RetentionDays,
  SHORT_STATS_DAYS,
} from './storage/retention.js';
export {
  DEFAULT_BUCKETS,
  DEFAULT_SLOW_MS,
  DEFAULT_TOP,
  eventsQuerySchema,
  HISTOGRAM_SPLITS,
  type HistogramSplit,
  histogramQuerySchema,
  SLOW_ORDERS,
  slowQuerySchema,
  statsQuerySchema,
  TOP_FIELDS,
  type TopField,
  topQuerySchema,
} from './statistics-query.js';
export {
  type EventsReply,
  eventsReplySchema,
  type HistogramReply,
  histogramReplySchema,
  type StatsReply,
  statsReplySchema,
  type TopReply,
  topReplySchema,
} from './statistics-reply.js';
export { STORAGE_TABLE, type StorageRow, storageRowOf } from './storage/storage-table.js';
