import { printable } from './printable.js';

const MINUTE_MS = 60_000;

/**
 * An entry's time for reading: `2024-01-15 10:30:45.123Z`, or `2024-01-15 12:30:45.123+02:00` in local time.
 *
 * @param timestamp ISO 8601 UTC, as replied
 */
export function entryTime(timestamp: string, zone: 'utc' | 'local'): string {
  const date = new Date(timestamp);
  if (Number.isNaN(date.getTime())) return printable(timestamp);
  if (zone === 'utc') return date.toISOString().replace('T', ' ');
  const aheadMinutes = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + aheadMinutes * MINUTE_MS).toISOString();
  return local.replace('T', ' ').replace('Z', offsetOf(aheadMinutes));
}

/**
 * The same without what a reader knows: `10:30:45.123Z`, or `12:30:45.123` in local time, for an entry of today.
 *
 * @param now epoch milliseconds
 */
export function shortEntryTime(timestamp: string, zone: 'utc' | 'local', now: number): string {
  const time = entryTime(timestamp, zone);
  const [today] = entryTime(new Date(now).toISOString(), zone).split(' ');
  const [day, timeOfDay] = time.split(' ');
  if (day !== today || timeOfDay === undefined) return time;
  return zone === 'utc' ? timeOfDay : timeOfDay.slice(0, '12:30:45.123'.length);
}

function offsetOf(aheadMinutes: number): string {
  const minutes = Math.abs(aheadMinutes);
  const pad = (part: number) => String(part).padStart(2, '0');
  return `${aheadMinutes < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}
