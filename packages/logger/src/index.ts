export type { DropReason, LoggerStats } from './delivery-counts.js';
export { createEntryWriter, type EntryWriter, type WriteResult } from './entry-writer.js';
export {
  close,
  configureLogger,
  flush,
  log_audit,
  log_critical,
  log_debug,
  log_error,
  log_event,
  log_info,
  log_request,
  log_response,
  log_trace,
  log_warning,
  stats,
} from './log-functions.js';
export { type CloseResult, Logger } from './logger.js';
export type { LoggerError, LoggerOptions } from './logger-options.js';
export type { LogFields } from './snapshot.js';
