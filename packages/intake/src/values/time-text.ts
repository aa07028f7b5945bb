const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const CLF_TIME = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/;
const ISO_TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))? ?(Z|[+-]\d\d:?\d\d|UTC)?$/i;

/**
 * The time of a line in Common Log Format, `17/May/2015:10:05:03 +0000`.
 *
 * @returns epoch milliseconds, or `undefined` when it is no such time.
 */
export function parseClfTime(text: string): number | undefined {
  const match = CLF_TIME.exec(text);
  if (match === null) return undefined;
  const [day, year, hour, minute, second, offsetHours, offsetMinutes] = [1, 3, 4, 5, 6, 8, 9].map((group) =>
    Number(match[group]),
  ) as [number, number, number, number, number, number, number];
  const month = MONTHS.indexOf(match[2] as string);
  const date = new Date(Date.UTC(year, month, day));
  const exists = month !== -1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second <= 60;
  if (!exists || offsetMinutes >= 60) return undefined;
  const offset = (offsetHours * 60 + offsetMinutes) * (match[7] === '-' ? -1 : 1);
  return date.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000;
}

/**
 * A time as logs in JSON write it: ISO 8601 (a space for the `T`, a decimal comma and a missing offset, read as
 * UTC, are understood), Common Log Format, or a number since 1970, whose size tells seconds, milliseconds,
 * microseconds and nanoseconds apart (for times from 1973 to 5138).
 *
 * @returns epoch milliseconds, or `undefined` when it is no time.
 */
export function parseTime(value: unknown): number | undefined {
  if (typeof value === 'number') return sinceEpoch(value);
  if (typeof value !== 'string') return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return sinceEpoch(Number(value));
  const iso = ISO_TIME.exec(value);
  if (iso === null) return parseClfTime(value);
  const [, day, time, fraction = '0', zone = 'Z'] = iso;
  const offset = /^(Z|UTC)$/i.test(zone) ? 'Z' : zone.replace(/^(...)(\d\d)$/, '$1:$2');
  const parsed = Date.parse(
    `${day}T${time}${time?.length === 5 ? ':00' : ''}.${fraction.slice(0, 3)}${offset}`,
  );
  return Number.isNaN(parsed) ? undefined : parsed;
}

function sinceEpoch(value: number): number | undefined {
  if (!(value >= 1e8 && value < 1e20)) return undefined;
  const unitMs = [1e11, 1e14, 1e17].findIndex((bound) => value < bound);
  return Math.round(value * ([1000, 1, 1e-3][unitMs] ?? 1e-6));
}
