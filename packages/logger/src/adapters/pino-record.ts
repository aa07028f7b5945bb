import { isError } from '@tailrace/writer';
import { currentLogger } from '../log-functions.js';
import { foreignLevel } from './foreign-level.js';

/** How a pino is set up, as far as its records show it. */
export interface PinoConfig {
  /** @default msg */
  readonly messageKey?: string | undefined;
  /** @default err */
  readonly errorKey?: string | undefined;
  /** Names of levels by their numbers. @default pino's own */
  readonly labels?: Readonly<Record<number, string>> | undefined;
}

type Members = Readonly<Record<string, unknown>>;

/**
 * Logs a record of pino or bunyan: level, time, message, error and `name` are the entry's own, and so is the id of the
 * request it stands in. A record of pino-http about a finished request becomes a request. Never throws.
 */
export function logPinoRecord(record: Members, config: PinoConfig = {}): void {
  const { messageKey = 'msg', errorKey = 'err', labels } = config;
  const { level, time, pid, hostname, v, name, reqId, req_id: bunyanId, ...others } = record;
  const { [messageKey]: message, [errorKey]: error, ...rest } = others;
  const fields: Record<string, unknown> = {
    component: typeof name === 'string' ? name : undefined,
    request_id: reqId ?? bunyanId ?? membersOf(rest.req).id,
    ...rest,
    ...(error !== undefined && { [isError(error) ? 'error' : errorKey]: error }),
  };
  const timestamp = timeOf(time);
  if (timestamp !== undefined) fields.timestamp = timestamp;
  const said = foreignLevel((typeof level === 'number' && labels?.[level]) || level);
  const request = requestFields(fields);
  if (request === undefined) currentLogger().log(said, message ?? '', fields);
  else {
    const data = USUAL_MESSAGES.has(message) ? undefined : { [messageKey]: message };
    currentLogger().request(undefined, { ...data, ...request, level: said });
  }
}

/** What pino-http says of every request. */
const USUAL_MESSAGES: ReadonlySet<unknown> = new Set([undefined, 'request completed', 'request errored']);

/** @see https://github.com/pinojs/pino-http and the serializers of pino-std-serializers */
function requestFields(fields: Members): Members | undefined {
  const { req, res, responseTime, ...rest } = fields;
  const { id, method, url, remoteAddress, ...restOfRequest } = membersOf(req);
  const { statusCode, ...restOfResponse } = membersOf(res);
  if (typeof method !== 'string' || typeof url !== 'string' || typeof statusCode !== 'number')
    return undefined;
  const headers = membersOf(restOfRequest.headers);
  const host = headers.host;
  return {
    ...rest,
    method,
    path: url,
    status_code: statusCode,
    response_time_ms: responseTime,
    client_ip: remoteAddress,
    proxy_hostname: typeof host === 'string' ? host.replace(/:\d+$/, '') : undefined,
    user_agent: headers['user-agent'],
    referrer: headers.referer,
    req: restOfRequest,
    res: restOfResponse,
  };
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}

/** Seconds, milliseconds or ISO 8601, as pino's functions for it give; epoch milliseconds. */
function timeOf(time: unknown): number | undefined {
  if (typeof time === 'number') return Math.floor(time < MIN_MILLISECONDS ? time * 1000 : time);
  const parsed = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** Numbers below it are seconds: as such they reach to the year 5138. */
const MIN_MILLISECONDS = 1e11;
