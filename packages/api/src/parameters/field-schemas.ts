import { canonicalIp, canonicalIpRange, LEVEL_NAMES, parseLevel } from '@tailrace/schema';
import { z } from 'zod';

/** A level name in any case, in entries and in queries. */
export const levelSchema = textSchema(parseLevel, `must be one of ${LEVEL_NAMES.join(', ')}`).describe(
  'One of the seven level names, in any case',
);

/** An IP address, read into its canonical spelling, in entries and in queries. */
export const ipSchema = textSchema(canonicalIp, 'must be an IPv4 or IPv6 address').describe(
  'IPv4 or IPv6 address; stored canonical',
);

/** An IP address or a CIDR range, canonical; a range of one address becomes the address. */
export const ipRangeSchema = textSchema(
  (text) => (text.includes('/') ? canonicalIpRange(text) : canonicalIp(text)),
  'must be an IPv4 or IPv6 address, or a range of them such as 192.0.2.0/24',
);

/** Epoch milliseconds, read from ISO 8601 with an offset or from epoch seconds or milliseconds. */
export const instantSchema = textSchema(
  parseInstant,
  'must be ISO 8601 with an offset, such as 2024-01-15T10:30:00Z, or epoch seconds or milliseconds',
);

/**
 * A schema of texts that one function reads.
 *
 * @param parse replies `undefined` for a text that is not allowed
 * @param rule what is allowed, as in "level is "x": must be one of …"
 */
export function textSchema<Value>(parse: (text: string) => Value | undefined, rule: string) {
  return z.string(rule).transform((text, context): Value => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.issues.push({ code: 'custom', input: text, message: rule });
    return z.NEVER;
  });
}

/** Numbers below this are seconds: as milliseconds they would lie in 1973 or before. */
const FIRST_EPOCH_MS = 1e11;
/** Milliseconds a Date can hold (ECMA-262, section 21.4.1.1). */
const MAX_TIME_MS = 8.64e15;
const MINUTE_MS = 60_000;
/** A space for the `T`, as entries are shown; a `+` that was not percent-encoded arrives as a space as well. */
const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)(?:Z|([+\- ])(\d\d):?(\d\d)?)$/i;

function parseInstant(text: string): number | undefined {
  if (/^\d{1,16}(\.\d{1,9})?$/.test(text)) {
    const number = Number(text);
    const time = Math.round(number < FIRST_EPOCH_MS ? number * 1000 : number);
    return time <= MAX_TIME_MS ? time : undefined;
  }
  const [, date, time, sign, hours = '0', minutes = '0'] = ISO.exec(text) ?? [];
  if (date === undefined || time === undefined || Number(hours) > 23 || Number(minutes) > 59)
    return undefined;
  const asUtc = Date.parse(`${date}T${time.replace(',', '.')}Z`);
  if (Number.isNaN(asUtc) || !isCalendarDay(date)) return undefined;
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  return sign === '-' ? asUtc + offsetMs : asUtc - offsetMs;
}

/** `Date.parse` takes 30 February for 1 March. */
function isCalendarDay(date: string): boolean {
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}
