import type { LevelName, OAuthStep } from '@tailrace/schema';
import { type LogFields, RequestLine, type Snapshot } from '@tailrace/writer';
import { type AuditFields, readAuditFields } from './audit/audit-fields.js';
import type { LoggerLevels } from './call/component-levels.js';
import type { LoggerStats } from './delivery/delivery-counts.js';
import { defaultOptions } from './environment.js';
import { type CloseResult, Logger } from './logger.js';
import { type LoggerOptions, resolveOptions } from './logger-options.js';
import type { OAuthActivity } from './oauth/oauth-activity.js';
import { shared } from './shared-state.js';

/**
 * Sets up the logger that all `log_*` functions and `log` share; without `redis` it takes `REDIS_URL`. Without this call the first call sets itself up from `REDIS_URL`
 * (default `redis://127.0.0.1:6379`) and `LOG_LEVEL` (default INFO). A logger set up before is closed in the background.
 *
 * @throws RangeError when an option is wrong: it names the option, its value and what is allowed.
 */
export function configureLogger(options: LoggerOptions = {}): void {
  if (shared.standIn !== undefined) {
    resolveOptions(options);
    return;
  }
  const next = new Logger(options);
  void shared.logger?.close();
  shared.logger = next;
}

/** A request as one object: {@link LogFields} with its line. */
export interface RequestFields extends LogFields {
  readonly method: string;
  /** With its query. */
  readonly path: string;
}

/** Logs below DEBUG. Like all of these: returns at once, never throws, does no I/O. */
export function log_trace(message: unknown, fields?: LogFields): void;
export function log_trace(message: unknown, error: unknown): void;
export function log_trace(message: unknown, fields?: unknown): void {
  currentLogger().log('TRACE', message, fields);
}

/** Logs at level DEBUG. */
export function log_debug(message: unknown, fields?: LogFields): void;
export function log_debug(message: unknown, error: unknown): void;
export function log_debug(message: unknown, fields?: unknown): void {
  currentLogger().log('DEBUG', message, fields);
}

/**
 * Logs at level INFO. `fields` are those of an entry (`component`, `trace_id`, `user_id`, `error`, ...); others go into
 * its `data`. Whatever was caught may stand in their place. `log.with({ component })` gives the same with fixed fields.
 */
export function log_info(message: unknown, fields?: LogFields): void;
export function log_info(message: unknown, error: unknown): void;
export function log_info(message: unknown, fields?: unknown): void {
  currentLogger().log('INFO', message, fields);
}

/** Logs at level WARNING. */
export function log_warning(message: unknown, fields?: LogFields): void;
export function log_warning(message: unknown, error: unknown): void;
export function log_warning(message: unknown, fields?: unknown): void {
  currentLogger().log('WARNING', message, fields);
}

/** Logs at level ERROR. Give what was caught as `message`, as second argument, or as `fields.error`. */
export function log_error(message: unknown, fields?: LogFields): void;
export function log_error(message: unknown, error: unknown): void;
export function log_error(message: unknown, fields?: unknown): void {
  currentLogger().log('ERROR', message, fields);
}

/** Logs at level CRITICAL. */
export function log_critical(message: unknown, fields?: LogFields): void;
export function log_critical(message: unknown, error: unknown): void;
export function log_critical(message: unknown, fields?: unknown): void {
  currentLogger().log('CRITICAL', message, fields);
}

/**
 * Logs who did what to which `objects`: never filtered by level, kept longest. With an `actor` or an `entity` the message is
 * the action, such as `user.updated`, and the entry's `event` too.
 */
export function log_audit(action: string, fields: AuditFields): void;
export function log_audit(message: unknown, fields?: LogFields): void;
export function log_audit(message: unknown, error: unknown): void;
export function log_audit(message: unknown, fields?: unknown): void {
  currentLogger().log('AUDIT', message, readAuditFields(message, fields));
}

/**
 * Logs one HTTP request as a `req:` entry, given as one object or by its parts. With `status_code` in `fields` it is complete; with a `trace_id` it waits for
 * {@link log_response} and becomes one entry with it.
 */
export function log_request(request: RequestFields): void;
export function log_request(
  method: string,
  path: string,
  client_ip: string,
  proxy_hostname: string,
  fields?: LogFields,
): void;
export function log_request(
  method: unknown,
  path?: string,
  client_ip?: string,
  proxy_hostname?: string,
  fields?: LogFields,
): void {
  requestOf(method, path, client_ip, proxy_hostname, fields);
}

/** @param bound fields that no call can change */
export function requestOf(
  method: unknown,
  path: string | undefined,
  client_ip: string | undefined,
  proxy_hostname: string | undefined,
  fields: unknown,
  bound?: Snapshot,
): void {
  if (typeof method === 'object' && path === undefined) {
    currentLogger().request(undefined, method, bound);
    return;
  }
  // What a caller without types gives instead of texts is looked at when it is copied.
  const line = new RequestLine(
    method as string,
    path as string,
    client_ip as string,
    proxy_hostname as string,
  );
  currentLogger().request(line, fields, bound);
}

/** Completes the request that was logged with the same `trace_id`. */
export function log_response(status_code: number, response_time_ms: number, fields?: LogFields): void {
  currentLogger().response(status_code, response_time_ms, fields);
}

/** Logs that something happened: `log_event('proxy_created', { hostname }, { trace_id })`. The event's data go into `data`. */
export function log_event(event: string, data?: object, fields?: LogFields): void {
  currentLogger().event(event, data, fields);
}

/**
 * Logs a step of an OAuth flow: `log_oauth_activity('token', { client_id, user_id, code, outcome: 'success' })`. Codes,
 * states and tokens join the steps of one flow; of them only keyed hashes are kept.
 *
 * @param event a step, such as `token` or `oauth.token`
 */
export function log_oauth_activity(event: OAuthStep | `oauth.${OAuthStep}`, activity: OAuthActivity): void {
  currentLogger().oauth(event, activity);
}

/**
 * Logs a step of a flow that has a name: all steps with it are one flow, whatever else they have.
 *
 * @param flow such as the id of the session that is being opened
 * @param data as for {@link log_oauth_activity}
 */
export function track_oauth_flow(
  flow: string,
  step: OAuthStep | `oauth.${OAuthStep}`,
  data: OAuthActivity = {},
): void {
  currentLogger().flow(flow, step, data);
}

/** The keyed hash the shared logger keeps of a secret. Not for applications. */
export function hashSecret(kind: string, value: string): string {
  return currentLogger().hashSecret(kind, value);
}

/**
 * Sets the lowest level that is logged: of one component and those below it (`db` is also `db.pool`), or of all that have
 * none of their own. `undefined` goes back to what was configured.
 *
 * @throws RangeError when level or component is none.
 */
export function setLevel(level: LevelName | undefined, component?: string): void {
  currentLogger().setLevel(level, component);
}

/** The levels in force now, also those that came from elsewhere. */
export function getLevels(): LoggerLevels {
  return currentLogger().getLevels();
}

/** Resolves when all that was logged until now is written, or dropped and counted. */
export function flush(): Promise<void> {
  return existing()?.flush() ?? Promise.resolve();
}

/**
 * Writes what waits and ends the connection; idempotent. Later log calls are dropped and counted as `closed`.
 *
 * @param deadlineMs milliseconds to wait at most. @default 5000
 * @returns the final counts and whether everything was settled.
 */
export function close(deadlineMs?: number): Promise<CloseResult> {
  return existing()?.close(deadlineMs) ?? Promise.resolve({ ...NOTHING, complete: true });
}

/** What became of every accepted entry: accepted = written + pending + dropped. */
export function stats(): LoggerStats {
  return existing()?.stats() ?? NOTHING;
}

/** Where nothing was logged yet, asking makes no logger. */
const NOTHING: LoggerStats = {
  accepted: 0,
  written: 0,
  pending: 0,
  pendingBytes: 0,
  spooled: 0,
  spooledBytes: 0,
  dropped: {},
  unconfirmed: 0,
  retries: 0,
  recovered: 0,
  consoleDropped: 0,
  sampled: 0,
  folded: 0,
};

/** Lets a recorder's logger take all log calls. Not for applications. */
export function addStandIn(added: Logger): void {
  shared.standIns = [...shared.standIns, added];
  shared.standIn = added;
}

/** @see addStandIn */
export function removeStandIn(removed: Logger): void {
  shared.standIns = shared.standIns.filter((kept) => kept !== removed);
  shared.standIn = shared.standIns.at(-1);
}

function existing(): Logger | undefined {
  return shared.standIn ?? shared.logger;
}

/** The logger that takes all calls now. Not for applications. */
export function currentLogger(): Logger {
  if (shared.standIn !== undefined) return shared.standIn;
  shared.logger ??= new Logger(defaultOptions());
  return shared.logger;
}
