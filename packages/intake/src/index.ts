export type { Format, Wrapper } from './format.js';
export { decompress } from './input/decompress.js';
export { type Line, MAX_LINE_BYTES, readLines } from './input/lines.js';
export { Intake, type IntakeOptions, type Outcome, readText } from './intake.js';
export { parseExactJson } from './json/exact-json.js';
export {
  LokiError,
  type LokiOutcome,
  type LokiPush,
  MAX_LOKI_LINES,
  readLokiPush,
} from './loki/push-request.js';
export {
  MAX_OTLP_RECORDS,
  OtlpError,
  type OtlpLogs,
  type OtlpOutcome,
  readOtlpLogs,
} from './otlp/export-request.js';
export type { IntakeEntry, Reason } from './parsed-line.js';
export { FORMATS, formatNamed, WRAPPERS } from './registry.js';
export { readSyslogMessage } from './syslog-message.js';
export { parseTimeZone } from './values/time-zone.js';
