export {
  AUDIT_PARTS,
  type AuditActor,
  type AuditEntity,
  auditIdOf,
  entityObject,
  isJsonObject,
} from './entry/audit-parts.js';
export { canonicalEntry, canonicalJson } from './entry/canonical-json.js';
export {
  DEFAULT_COMPONENT,
  DROP_EVENT,
  ENTRY_FIELDS,
  type Entry,
  type EntryError,
  type EntryInput,
  type EntryReply,
  type JsonValue,
  LOGGER_COMPONENT,
  REQUEST_COMPONENT,
  toEntryReply,
} from './entry/entry.js';
export {
  decodeDeletedEntry,
  decodeEntry,
  decodeStreamEntry,
  kindOfId,
  MAX_PIECES,
  MIN_PIECE_BYTES,
  removeImplied,
  requestMessage,
} from './entry/entry-hash.js';
export { canonicalIp } from './entry/ip-address.js';
export { canonicalIpRange } from './entry/ip-range.js';
export {
  LEVEL_NAMES,
  LEVELS,
  type Level,
  type LevelName,
  levelOfStatus,
  levelsFrom,
  parseLevel,
  statusesOfLevel,
} from './entry/level.js';
export { decodeLevelTable, encodeLevelTable, type LevelTable } from './entry/level-table.js';
export { ENTRY_LIMITS, TEXT_LIMITS } from './entry/limits.js';
export {
  OAUTH_EVENT_PREFIX,
  OAUTH_FIELDS,
  OAUTH_JOINS,
  OAUTH_STEPS,
  type OAuthClaims,
  type OAuthDetails,
  type OAuthJoin,
  type OAuthStep,
  oauthDetailsOf,
  oauthJoinsOf,
  oauthStepOf,
} from './entry/oauth-details.js';
export { type Diagnosis, FLOW_STATES, type FlowState } from './entry/oauth-flow.js';
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
export { RUN_EVENTS, runObject } from './entry/run-events.js';
export {
  DEFAULT_FACETS,
  FACET_COLUMNS,
  FACET_FIELDS,
  type FacetField,
  type FacetName,
  HISTOGRAM_SPLITS,
  type HistogramSplit,
  isFacetName,
  MAX_FACETS,
  TOP_FIELDS,
  type TopField,
} from './filter/breakdowns.js';
export { type Cursor, decodeCursor, encodeCursor } from './filter/cursor.js';
export {
  DATA_FILTER_LIMITS,
  type DataFilterName,
  dataPathOf,
  isDataFilter,
  type NumberComparison,
  parseComparison,
  parseNumber,
} from './filter/data-filter.js';
export {
  type DataFilters,
  FILTER_FIELDS,
  type Filter,
  type FilterField,
  type OneOrMore,
  type StatusRange,
  takesSeveral,
} from './filter/filter.js';
export { isEventId, isStreamId, MAX_LAST } from './filter/stream-start.js';
export { type TextTerm, textTermsOf } from './filter/text-terms.js';
export { DEFAULT_HOURS, type TimeWindow, type WindowQuery, windowOf } from './filter/time-window.js';
export { HOUR_MS, hourKey, MINUTE_MS, minuteKey } from './storage/clock-hour.js';
export { DROP_REASONS, type DropCounts, type DropReason } from './storage/drop-reason.js';
export { type EntryKey, type PlacesOptions, placesOf } from './storage/entry-places.js';
export { type EntryPlace, MAX_ORDER, placeOfScore, scoreOf, scoreRange } from './storage/entry-score.js';
export {
  CLASS_INDEX,
  DEFAULT_INDEX_SETTINGS,
  INDEXES,
  type IndexName,
  type IndexSettings,
  type IndexSpec,
  indexNamed,
  indexRetention,
  NO_VALUE,
  traceBucket,
  type ValueSettings,
} from './storage/index-table.js';
export {
  ALERT_PARTS,
  type AlertPart,
  Keyspace,
  type KeyspaceOptions,
  keyValue,
  PROOF_PARTS,
  type ProofPart,
} from './storage/keyspace.js';
export { BUCKETS, bucketOf, RELATIVE_ERROR, valueOfBucket } from './storage/log-buckets.js';
export {
  EVERY_VALUE,
  MAX_OUTSIDE_VALUES,
  NO_VALUE_OF_ITS_OWN,
  OTHER_VALUE,
  type OutsideValues,
  otherPathValue,
} from './storage/outside-values.js';
export {
  type AgeRefusal,
  ageRefusal,
  classOf,
  DAY_MS,
  DEFAULT_RETENTION_DAYS,
  ENTRY_CLASSES,
  type EntryClass,
  isError,
  isKeptLonger,
  LONGER_CLASSES,
  type LongerClass,
  MAX_FUTURE_MS,
  MAX_RETENTION_DAYS,
  parseRetentionDays,
  RETENTION_CLASSES,
  type RetentionClass,
  type RetentionDays,
  SHORT_STATS_DAYS,
} from './storage/retention.js';
export { ShardCountError, shardOf, shardOfId } from './storage/shards.js';
export { SORTABLE_DIGITS } from './storage/sortable-digits.js';
export { STORAGE_TABLE, type StorageRow, storageRowOf } from './storage/storage-table.js';
export { STORAGE_VERSION, StorageVersionError } from './storage/storage-version.js';
