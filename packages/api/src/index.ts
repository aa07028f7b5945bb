export {
  ALERT_MEASURES,
  type AlertRuleBody,
  type AlertRuleInput,
  alertRuleSchema,
  baselineMs,
} from './alerts/alert-rule-schema.js';
export type {
  AlertEventReply,
  AlertReply,
  AlertRuleReply,
  AlertRulesReply,
  AlertsReply,
  AlertTestReply,
  NotifyTestReply,
} from './alerts/alert-schemas.js';
export { durationMs, durationSchema } from './alerts/duration.js';
export { type AuditBody, auditBodySchema } from './audit/audit-body.js';
export { auditQuerySchema, entityQuerySchema } from './audit/audit-query.js';
export {
  type AuditReply,
  auditEntrySchema,
  auditFoundSchema,
  auditReplySchema,
  type EntityReply,
  entityReplySchema,
} from './audit/audit-reply.js';
export {
  type CheckpointReply,
  checkpointReplySchema,
  type ProofReply,
  proofReplySchema,
} from './audit/proof-replies.js';
export {
  type BreakglassReply,
  breakglassReplySchema,
  type CostsReply,
  costsReplySchema,
  type RunReply,
  type RunsReply,
  runReplySchema,
  runsReplySchema,
} from './audit/run-replies.js';
export {
  type Endpoint,
  type EndpointBodyKind,
  type EndpointReplyKind,
  type ForeignBodyKind,
  LOADS,
  type Load,
  noParameters,
} from './endpoints/endpoint.js';
export { ENDPOINT_LIST, type EndpointName, type NamedEndpoint } from './endpoints/endpoint-list.js';
export type {
  EndpointBody,
  EndpointContent,
  EndpointJson,
  EndpointParameters,
  EndpointPath,
  EndpointQuery,
  EndpointReply,
} from './endpoints/endpoint-types.js';
export { ENDPOINTS } from './endpoints/endpoints.js';
export {
  entryBodySchema,
  identifiedEntryBodySchema,
  MAX_ARCHIVED_PER_REQUEST,
  MAX_ENTRIES_PER_REQUEST,
} from './entry/entry-body.js';
export { type EntryDraft, entryInputSchema, entryReplySchema, entrySchema } from './entry/entry-schema.js';
export { levelTableInputSchema, levelTableSchema } from './entry/level-table-schema.js';
export { oauthDetailsSchema } from './entry/oauth-details-schema.js';
export { OWN_ID_FIELD } from './entry/own-id.js';
export {
  type ServiceLog,
  type ServiceLogInput,
  serviceLogBodySchema,
  serviceLogSchema,
} from './entry/service-log-schema.js';
export {
  EXPORT_FORMATS,
  type ExportError,
  type ExportFormat,
  exportErrorSchema,
  exportQuerySchema,
} from './parameters/export-query.js';
export { filterSchema, filterShape } from './parameters/filter-shape.js';
export { DEFAULT_LIMIT, type LogQuery, logQuerySchema, MAX_LIMIT } from './parameters/log-query.js';
export { querySchema } from './parameters/query-schema.js';
export { type ServiceLogQuery, serviceLogQuerySchema } from './parameters/service-log-query.js';
export {
  DEFAULT_BUCKETS,
  DEFAULT_SLOW_MS,
  DEFAULT_TOP,
  eventsQuerySchema,
  histogramQuerySchema,
  SLOW_ORDERS,
  slowQuerySchema,
  statsQuerySchema,
  timesQuerySchema,
  topQuerySchema,
} from './parameters/statistics-query.js';
export { streamQuerySchema } from './parameters/stream-query.js';
export type { AnalyticsReply } from './replies/analytics-reply.js';
export {
  type ArchiveReply,
  type ArchiveVerifyReply,
  archiveReplySchema,
  archiveVerifyReplySchema,
} from './replies/archive-reply.js';
export { type ClearProgress, clearProgressSchema, clearQuerySchema } from './replies/clear.js';
export { type CostReply, costReplySchema } from './replies/cost-reply.js';
export { type DeliveryReply, deliveryReplySchema } from './replies/delivery-reply.js';
export type { ErrorGroupMarkReply, ErrorGroupsReply, PatternsReply } from './replies/insight-reply.js';
export { type LokiReply, lokiReplySchema } from './replies/loki-reply.js';
export {
  DEFAULT_ABANDONED_AFTER_S,
  DEFAULT_FLOWS,
  diagnosisSchema,
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
} from './replies/oauth-reply.js';
export { type OtlpReply, otlpReplySchema } from './replies/otlp-reply.js';
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
} from './replies/reply.js';
export {
  MAX_SEARCH_NAME,
  type SearchesReply,
  savedSearchInputSchema,
  savedSearchSchema,
  searchesReplySchema,
} from './replies/searches-reply.js';
export { type ServiceLogsReply, serviceLogsReplySchema } from './replies/service-logs-reply.js';
export { type SessionReply, sessionReplySchema, signInSchema } from './replies/session-reply.js';
export {
  type EventsReply,
  eventsReplySchema,
  type FacetsReply,
  facetsReplySchema,
  type HistogramReply,
  histogramReplySchema,
  type StatsReply,
  statsReplySchema,
  type TimesReply,
  type TopReply,
  timesReplySchema,
  topReplySchema,
} from './replies/statistics-reply.js';
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
} from './tokens/access-token.js';
