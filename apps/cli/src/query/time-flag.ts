const DAY = String.raw`(\d{4})-(\d\d)-(\d\d)`;
const CLOCK = String.raw`(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?`;
const ZONE = String.raw`(Z| ?UTC|[+-]\d\d:?\d\d)?`;
/** `2024-01-15 10:30:45.123Z` and less of it, as entries, figures and charts show times. */
const PRINTED = new RegExp(`^${DAY}(?:[T ]${CLOCK}${ZONE})?$`, 'i');
/** `10:30:45.123Z`: today. */
const TODAY = new RegExp(`^${CLOCK}${ZONE}$`, 'i');

/**
 * A time as this program prints it, in the form the gateway reads: a day and a time with a space between them, without an
 * offset, without a day, or without a time.
 *
 * @param zone of times that name no offset
 * @param now epoch milliseconds; says which day a time without one is on
 * @returns ISO 8601 with an offset; any other text as it is, for the gateway to judge, so also a day that does not exist.
 */
export function timeFlag(text: string, zone: 'utc' | 'local', now: number): string {
  const trimmed = text.trim();
  const [, year, month, day, ...clock] = PRINTED.exec(trimmed) ?? [];
  if (year !== undefined) return timeText(`${year}-${month}-${day}`, clock, zone) ?? text;
  const onlyClock = TODAY.exec(trimmed);
  if (onlyClock === null) return text;
  return timeText(dayOf(now, zoneOf(onlyClock[5], zone)), onlyClock.slice(1), zone) ?? text;
}

function timeText(
  day: string,
  [hour = '00', minute = '00', second = '00', fraction, offset]: readonly (string | undefined)[],
  zone: 'utc' | 'local',
): string | undefined {
  const time = `${day}T${hour}:${minute}:${second}${fraction === undefined ? '' : `.${fraction}`}`;
  if (zoneOf(offset, zone) === 'utc') return `${time}Z`;
  if (offset !== undefined) return time + offset;
  // Without an offset a Date reads local time; a day that does not exist it would read as another.
  const local = new Date(time);
  return Number.isNaN(local.getTime()) || local.getDate() !== Number(day.slice(-2))
    ? undefined
    : local.toISOString();
}

/** An offset that is written counts as it is. */
function zoneOf(offset: string | undefined, zone: 'utc' | 'local'): 'utc' | 'local' {
  if (offset === undefined) return zone;
  return /^(Z| ?UTC)$/i.test(offset) ? 'utc' : 'local';
}

function dayOf(now: number, zone: 'utc' | 'local'): string {
  const date = new Date(now);
  if (zone === 'utc') return date.toISOString().slice(0, 10);
  const pad = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}
