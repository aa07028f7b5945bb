import { canonicalIp, ENTRY_LIMITS, type EntryError, LEVELS, TEXT_LIMITS } from '@tailrace/schema';
import type { Candidate, IntakeEntry } from './parsed-line.js';

type Check = (value: unknown) => unknown;

const text: Check = (value) => (typeof value === 'string' ? value : undefined);
const textUpTo =
  (length: number): Check =>
  (value) =>
    typeof value === 'string' && value !== '' && value.length <= length ? value : undefined;
const lowerCase: Check = (value) => (typeof value === 'string' ? value.toLowerCase() : undefined);
const oneOf =
  (...allowed: readonly string[]): Check =>
  (value) =>
    allowed.includes(value as string) ? value : undefined;
const whole =
  (min: number, max: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max ? value : undefined;

/** Milliseconds a Date can hold (ECMA-262, section 21.4.1.1). */
const MAX_TIME_MS = 8.64e15;
const MAX_RESPONSE_TIME_MS = 1e9;

/** What each field may hold, as `POST /logs` takes it; `undefined` for a value that is not allowed. */
const CHECKS: Readonly<Record<keyof IntakeEntry, Check>> = {
  timestamp: whole(0, MAX_TIME_MS),
  kind: oneOf('request', 'log'),
  level: oneOf(...Object.keys(LEVELS)),
  component: (value) => (value === '' ? undefined : text(value)),
  message: text,
  client_ip: (value) => (typeof value === 'string' ? canonicalIp(value) : undefined),
  client_hostname: lowerCase,
  proxy_hostname: lowerCase,
  method: textUpTo(TEXT_LIMITS.method),
  path: text,
  route: text,
  status_code: whole(100, 599),
  response_time_ms: (value) =>
    typeof value === 'number' && value >= 0 && value <= MAX_RESPONSE_TIME_MS ? value : undefined,
  bytes_sent: whole(0, Number.MAX_SAFE_INTEGER),
  user_agent: text,
  referrer: text,
  user_id: text,
  session_id: text,
  client_id: text,
  trace_id: text,
  span_id: text,
  request_id: text,
  event: textUpTo(TEXT_LIMITS.event),
  outcome: oneOf('success', 'failure'),
  objects: (value) =>
    Array.isArray(value) &&
    value.length <= ENTRY_LIMITS.objects &&
    value.every((name) => textUpTo(ENTRY_LIMITS.objectLength)(name) !== undefined)
      ? value
      : undefined,
  error: (value) => errorOf(value as EntryError),
  data: (value) => value,
};
const FIELDS = Object.keys(CHECKS) as readonly (keyof IntakeEntry)[];

/**
 * Makes an entry of a candidate. A value no entry may have (status 999, a method of 100 characters) does not cost the
 * line: it goes to `data`.
 */
export function checkEntry(candidate: Candidate): IntakeEntry {
  const entry: Record<string, unknown> = {};
  let moved: Record<string, unknown> | undefined;
  for (const field of FIELDS) {
    const given = candidate[field];
    if (given === undefined || given === null) continue;
    const value = CHECKS[field](given);
    if (value !== undefined) entry[field] = value;
    else {
      moved ??= {};
      moved[field] = given;
    }
  }
  if (moved !== undefined) entry.data = { ...(entry.data as object | undefined), ...moved };
  return entry as IntakeEntry;
}

/** Names of errors and their codes are bounded; what goes past the bound is cut off. */
function errorOf({ type, message, code, ...rest }: EntryError): EntryError {
  return {
    type: type.slice(0, ENTRY_LIMITS.errorNameLength),
    message,
    ...(code !== undefined && { code: code.slice(0, ENTRY_LIMITS.errorNameLength) }),
    ...(rest.stack !== undefined && { stack: rest.stack }),
    ...(rest.cause !== undefined && { cause: errorOf(rest.cause) }),
    ...(rest.errors !== undefined && { errors: rest.errors.map(errorOf) }),
  };
}
