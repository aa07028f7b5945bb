import type { Level, OAuthStep } from '@tailrace/schema';
import { adoptCamelCase, type LogFields, type Snapshot, snapshotFields } from '@tailrace/writer';
import { type AuditFields, readAuditFields } from './audit/audit-fields.js';
import { joinSnapshots } from './call/call-message.js';
import type { LoggerStats } from './delivery/delivery-counts.js';
import { close, currentLogger, flush, type RequestFields, requestOf, stats } from './log-functions.js';
import type { CloseResult } from './logger.js';
import type { OAuthActivity } from './oauth/oauth-activity.js';

/** A call at one level: whatever was caught may be the message, or stand in place of the fields. */
export interface LogCall {
  (message: unknown, fields?: LogFields): void;
  (message: unknown, error: unknown): void;
}

/** @see log_audit */
export interface AuditCall extends LogCall {
  (action: string, fields: AuditFields): void;
}

/** The `log_*` functions as one object. It is no second logger: all of them write through the one of the process. */
export interface Log {
  readonly trace: LogCall;
  readonly debug: LogCall;
  readonly info: LogCall;
  readonly warning: LogCall;
  readonly error: LogCall;
  readonly critical: LogCall;
  /** Who did what to which `objects`: never filtered by level, kept longest. */
  readonly audit: AuditCall;
  /** @see log_event */
  event(event: string, data?: object, fields?: LogFields): void;
  /** @see log_request */
  request(request: RequestFields): void;
  request(method: string, path: string, client_ip: string, proxy_hostname: string, fields?: LogFields): void;
  /** @see log_response */
  response(status_code: number, response_time_ms: number, fields?: LogFields): void;
  /** @see log_oauth_activity */
  oauth(event: OAuthStep | `oauth.${OAuthStep}`, activity: OAuthActivity): void;
  /** @see track_oauth_flow */
  oauthFlow(flow: string, step: OAuthStep | `oauth.${OAuthStep}`, data?: OAuthActivity): void;
  /**
   * The same with fields in every entry that no call can change, such as the component: a call's own value for one of them
   * is not taken. They are copied now. Fields of an outer `with` win over those of an inner one.
   */
  with(fields: LogFields): Log;
  with(fields: object): Log;
  /** Resolves when all that was logged until now is written, or dropped and counted. */
  flush(): Promise<void>;
  /** @see close */
  close(deadlineMs?: number): Promise<CloseResult>;
  stats(): LoggerStats;
}

/** @see Log */
export const log: Log = createLog(undefined);

function createLog(bound: Snapshot | undefined): Log {
  const at =
    (level: Level): LogCall =>
    (message: unknown, fields?: unknown) =>
      currentLogger().log(level, message, fields, bound);
  return Object.freeze({
    trace: at('TRACE'),
    debug: at('DEBUG'),
    info: at('INFO'),
    warning: at('WARNING'),
    error: at('ERROR'),
    critical: at('CRITICAL'),
    audit: (message: unknown, fields?: unknown) =>
      currentLogger().log('AUDIT', message, readAuditFields(message, fields), bound),
    event: (event: string, data?: object, fields?: LogFields) =>
      currentLogger().event(event, data, fields, bound),
    request: (method: unknown, path?: string, ip?: string, hostname?: string, fields?: LogFields) =>
      requestOf(method, path, ip, hostname, fields, bound),
    response: (status: number, timeMs: number, fields?: LogFields) =>
      currentLogger().response(status, timeMs, fields, bound),
    oauth: (event: string, activity: OAuthActivity) => currentLogger().oauth(event, activity, bound),
    oauthFlow: (flow: string, step: string, data: OAuthActivity = {}) =>
      currentLogger().flow(flow, step, data, bound),
    with: (fields: unknown) => createLog(bind(fields, bound)),
    flush,
    close,
    stats,
  });
}

function bind(given: unknown, outer: Snapshot | undefined): Snapshot {
  const own = snapshotFields(given);
  adoptCamelCase(own.fields);
  return outer === undefined ? own : joinSnapshots(own, outer);
}
