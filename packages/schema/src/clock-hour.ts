/** `YYYYMMDD:HH` in UTC, the hour part of `stats:*` keys. */
export function hourKey(timestamp: number): string {
  const iso = new Date(timestamp).toISOString();
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 10)}:${iso.slice(11, 13)}`;
}

/** `YYYYMMDD:HHMM` in UTC, the minute part of `stats:response_times:*` keys. */
export function minuteKey(timestamp: number): string {
  return hourKey(timestamp) + new Date(timestamp).toISOString().slice(14, 16);
}
