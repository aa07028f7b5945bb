export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** Formatting a time takes about a microsecond, and a batch asks for the same hour dozens of times. */
let lastHour = Number.NaN;
let lastKey = '';

/** `YYYYMMDD:HH` in UTC, the hour part of `stats:*` keys. */
export function hourKey(timestamp: number): string {
  const hour = Math.floor(timestamp / HOUR_MS);
  if (hour === lastHour) return lastKey;
  const iso = new Date(timestamp).toISOString();
  lastHour = hour;
  lastKey = `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 10)}:${iso.slice(11, 13)}`;
  return lastKey;
}

/** `YYYYMMDD:HHMM` in UTC, the minute part of `stats:response_times:*` keys. */
export function minuteKey(timestamp: number): string {
  const minute = Math.floor((timestamp % HOUR_MS) / MINUTE_MS);
  return hourKey(timestamp) + String(minute).padStart(2, '0');
}
