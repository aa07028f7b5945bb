import { type TimeZone, UTC } from './time-zone.js';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const CLF_TIME =
  /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: ?([+-]\d\d:?\d\d))?$/;
/**
 * Also Go's `time.Time.String` (offset, name of the zone, reading of the monotonic clock) and Java's `ZonedDateTime`. A
 * zone's name alone is ambiguous, so it is no time.
 */
const ISO_TIME =
  /^(\d{4})([-/]?)(\d\d)\2(\d\d)[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,18}))?)?(?: ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)(?: (?:[A-Z]{1,5}|[+-]\d{2,4})|\[[\w/+-]{1,40}\])?)?(?: m=[+-][\d.]{1,30})?$/i;
/** What C's `ctime` and Apache's error log write: `Wed Nov 25 08:45:00.123456 2026`. */
const C_TIME =
  /^(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) ( \d|\d\d?) (\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))? (\d{4})$/;
/** RFC 9110 section 5.6.7, RFC 5322. */
const MAIL_TIME =
  /^(?:[A-Z][a-z]{2}, )?(\d\d?) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) (GMT|UTC|Z|[+-]\d{4})$/;
const LONGEST_TIME = 80;

/**
 * The time of a line in Common Log Format, `17/May/2015:10:05:03 +0000`, also with a fraction of the second.
 *
 * @param zone of times that name no offset
 * @returns epoch milliseconds, or `undefined` when it is no such time.
 */
export function parseClfTime(text: string, zone: TimeZone = UTC): number | undefined {
  const match = CLF_TIME.exec(text);
  if (match === null) return undefined;
  const [, day, month, year, hour, minute, second, fraction, offset] = match;
  return instant({ year, month: monthOf(month), day, hour, minute, second, fraction, offset }, zone);
}

/**
 * A time as logs write it: ISO 8601 and its kin (a space for the `T`, slashes, a decimal comma, Go's names of zones),
 * Common Log Format, `ctime`, RFC 5322, or a number since 1970, whose size tells seconds, milliseconds, microseconds and
 * nanoseconds apart (for times from 1973 to 5138).
 *
 * @param zone of times that name no offset
 * @returns epoch milliseconds, or `undefined` when it is no time.
 */
export function parseTime(value: unknown, zone: TimeZone = UTC): number | undefined {
  if (typeof value === 'number') return sinceEpoch(value);
  if (typeof value !== 'string' || value.length > LONGEST_TIME) return undefined;
  const text = value.trim();
  if (/^\d{1,20}(\.\d{1,20})?$/.test(text)) return sinceEpoch(Number(text));
  return (
    parseIsoTime(text, zone) ?? parseClfTime(text, zone) ?? parseCTime(text, zone) ?? parseMailTime(text)
  );
}

/** @see parseTime */
export function parseIsoTime(text: string, zone: TimeZone = UTC): number | undefined {
  const match = ISO_TIME.exec(text);
  if (match === null) return undefined;
  const [, year, , month, day, hour, minute, second, fraction, offset] = match;
  return instant({ year, month: Number(month) - 1, day, hour, minute, second, fraction, offset }, zone);
}

/** A time as C's `ctime` writes it, also with a fraction of the second. */
export function parseCTime(text: string, zone: TimeZone = UTC): number | undefined {
  const match = C_TIME.exec(text);
  if (match === null) return undefined;
  const [, month, day, hour, minute, second, fraction, year] = match;
  return instant({ year, month: monthOf(month), day, hour, minute, second, fraction }, zone);
}

function parseMailTime(text: string): number | undefined {
  const match = MAIL_TIME.exec(text);
  if (match === null) return undefined;
  const [, day, month, year, hour, minute, second, offset] = match;
  return instant({ year, month: monthOf(month), day, hour, minute, second, offset }, UTC);
}

/** @returns 0 to 11, or -1 when there is no such month. */
export function monthOf(name: string | undefined): number {
  return MONTHS.indexOf((name ?? '').toLowerCase());
}

/** The parts of a time as texts; `month` from 0. */
export interface TimeParts {
  readonly year: string | number | undefined;
  readonly month: number;
  readonly day: string | undefined;
  readonly hour: string | undefined;
  readonly minute: string | undefined;
  readonly second?: string | undefined;
  /** Digits after the point. */
  readonly fraction?: string | undefined;
  readonly offset?: string | undefined;
}

/** @returns epoch milliseconds, or `undefined` when there is no such time, such as on 31 February. */
export function instant(parts: TimeParts, zone: TimeZone): number | undefined {
  const { month, fraction, offset } = parts;
  const [year, day, hour, minute] = [parts.year, parts.day, parts.hour, parts.minute].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const second = Number(parts.second ?? 0);
  if (month < 0 || month > 11 || day < 1 || hour > 23 || minute > 59 || second > 60) return undefined;
  const midnight = Date.UTC(year, month, day);
  if (day > 28 && new Date(midnight).getUTCDate() !== day) return undefined;
  const millis = fraction === undefined ? 0 : Number(`${fraction}00`.slice(0, 3));
  const wallMs = midnight + ((hour * 60 + minute) * 60 + second) * 1000 + millis;
  if (offset === undefined) return zone(wallMs);
  const minutes = minutesOf(offset);
  return minutes === undefined ? undefined : wallMs - minutes * 60_000;
}

function minutesOf(offset: string): number | undefined {
  if (!/^[+-]/.test(offset)) return 0;
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(3).replace(':', '') || 0)];
  if (hours > 23 || minutes > 59) return undefined;
  return (hours * 60 + minutes) * (offset[0] === '-' ? -1 : 1);
}

function sinceEpoch(value: number): number | undefined {
  if (!(value >= 1e8 && value < 1e20)) return undefined;
  const unitMs = [1e11, 1e14, 1e17].findIndex((bound) => value < bound);
  return Math.round(value * ([1000, 1, 1e-3][unitMs] ?? 1e-6));
}
