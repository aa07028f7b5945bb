export type {
  AuditActor,
  AuditEntity,
  DropReason,
  Level,
  LevelName,
  OAuthStep,
  RetentionDays,
} from '@tailrace/schema';
export type { LogFields, RedactOptions } from '@tailrace/writer';
export type { AuditFields } from './audit/audit-fields.js';
export { type AuditLogger, type AuditLoggerOptions, createAuditLogger } from './audit/audit-logger.js';
export { log_operation } from './audit/log-operation.js';
export type {
  BatchOperation,
  OperationRecord,
  TemplateClone,
  Validation,
  VmCreation,
} from './audit/operation-record.js';
export type { LoggerLevels } from './call/component-levels.js';
export { currentContext, withContext } from './call/context.js';
export type { FoldRepeatsOptions } from './call/repeat-folding.js';
export type { SamplingRule } from './call/sampling.js';
export { type CloseOnSignalsOptions, closeOnSignals } from './close-on-signals.js';
export type { LoggerStats } from './delivery/delivery-counts.js';
export type { AuditFileOptions } from './file/audit-file-options.js';
export { type FlushAfterOptions, flushAfter } from './flush-after.js';
export { type AuditCall, type Log, type LogCall, log } from './log.js';
export {
  close,
  configureLogger,
  flush,
  getLevels,
  log_audit,
  log_critical,
  log_debug,
  log_error,
  log_event,
  log_info,
  log_oauth_activity,
  log_request,
  log_response,
  log_trace,
  log_warning,
  type RequestFields,
  setLevel,
  stats,
  track_oauth_flow,
} from './log-functions.js';
export type { CloseResult } from './logger.js';
export type { LoggerError, LoggerOptions } from './logger-options.js';
export type { OAuthActivity } from './oauth/oauth-activity.js';
export {
  type BreakglassActivation,
  type Cost,
  log_breakglass_activation,
  log_policy_decision,
  log_step_end,
  log_step_start,
  type PolicyDecision,
  type StepFields,
  track_cost,
} from './run/run-calls.js';
export { withRun } from './run/with-run.js';
