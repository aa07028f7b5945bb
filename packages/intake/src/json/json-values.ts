import { readAddress, readHost } from '../values/address.js';
import { parseDuration, roundMs } from '../values/duration.js';
import { splitTarget } from '../values/request-line.js';
import { parseTime } from '../values/time-text.js';
import type { ReadValue } from './field-source.js';
import { isRecord } from './json-record.js';

/** Text, a number as text, or the first text of a list, as Caddy logs headers. */
export function readText(value: unknown): string | undefined {
  const single = Array.isArray(value) ? value[0] : value;
  if (typeof single === 'number') return String(single);
  return typeof single === 'string' && single !== '' ? single : undefined;
}

/** A message: text without the line end behind it. */
export function readMessage(value: unknown): string | undefined {
  return typeof value === 'string' ? value.trimEnd() : readText(value);
}

/** A number, also as text, as nginx's variables are. */
export function readNumber(value: unknown): number | undefined {
  if (typeof value === 'string') return /^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A number that is not negative. */
export function readCount(value: unknown): number | undefined {
  const number = readNumber(value);
  return number !== undefined && number >= 0 ? number : undefined;
}

/** Reads a number of another unit, never below 0. */
export function scaled(factor: number): ReadValue {
  return (value) => {
    const number = readCount(value);
    return number === undefined ? undefined : roundMs(number * factor);
  };
}

/** A duration in milliseconds from text that says its unit (`12ms`, `1.5s`); a bare number could be anything. */
export function readDuration(value: unknown): number | undefined {
  return typeof value === 'string' ? parseDuration(value) : undefined;
}

/** A duration as text with its unit, or as a number of a unit that is known. */
export function durationIn(msPerUnit: number): ReadValue {
  const number = scaled(msPerUnit);
  return (value, record, context) => readDuration(value) ?? number(value, record, context);
}

/** An address, also with a port behind it, or the first of a list of one. */
export function readIp(value: unknown): string | undefined {
  return typeof value === 'string' ? readAddress(value) : undefined;
}

/** A host name without its port. */
export function readHostName(value: unknown): string | undefined {
  const text = readText(value);
  return text === undefined ? undefined : readHost(text);
}

/** A path with its query; of a full URL what follows the host. */
export function readPath(value: unknown): string | undefined {
  const text = readText(value);
  return text === undefined ? undefined : splitTarget(text).path;
}

/** The host of a full URL. */
export function readHostOfUrl(value: unknown): string | undefined {
  return typeof value === 'string' ? splitTarget(value).host : undefined;
}

/** @returns a status, `undefined` for what is none, such as 0 and 000 where nobody answered */
export function readStatus(value: unknown): number | undefined {
  const status = readNumber(value);
  return status !== undefined && Number.isInteger(status) && status >= 100 && status <= 599
    ? status
    : undefined;
}

const METHODS: ReadonlySet<string> = new Set(
  (
    'GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH QUERY PRI PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK ' +
    'REPORT SEARCH PURGE BAN LINK UNLINK MKCALENDAR ACL BIND REBIND UNBIND CHECKOUT MERGE MKACTIVITY'
  ).split(' '),
);

/** A method of HTTP; `method` and `verb` are words of other things too. */
export function readMethod(value: unknown): string | undefined {
  return typeof value === 'string' && METHODS.has(value.toUpperCase()) ? value.toUpperCase() : undefined;
}

/** A time of any kind, in the zone told for those that name none. */
export const readTime: ReadValue = (value, _, { zone }) => parseTime(value, zone);

/** Seconds and nanoseconds in an object, as protobuf's Timestamp and Log4j's instant are. */
export function readSplitTime(value: unknown, secondsKey: string, nanosKey: string): number | undefined {
  if (!isRecord(value)) return undefined;
  const seconds = readNumber(value[secondsKey]);
  const nanos = readNumber(value[nanosKey]) ?? 0;
  return seconds === undefined ? undefined : seconds * 1000 + Math.floor(nanos / 1e6);
}

const OUTCOMES: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  success: 'success',
  succeeded: 'success',
  successful: 'success',
  ok: 'success',
  failure: 'failure',
  failed: 'failure',
  fail: 'failure',
  error: 'failure',
});

/** A word for how something went. */
export function readOutcome(value: unknown): string | undefined {
  return typeof value === 'string' ? OUTCOMES[value.toLowerCase()] : undefined;
}
