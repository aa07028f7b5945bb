import { printable } from '../print/printable.js';

/** A count with separators: `12,345`. */
export function shownCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** A share of a whole: `1.0 %`; nothing of nothing is `0 %`. */
export function shownShare(part: number, whole: number): string {
  if (part === 0 || whole === 0) return '0 %';
  const percent = (100 * part) / whole;
  return percent < 0.1 ? '<0.1 %' : `${percent.toFixed(1)} %`;
}

/** Milliseconds as the lines of entries show them: `0.45ms`, `45ms`, `1.20s`; `-` for null. */
export function shownDuration(milliseconds: number | null): string {
  if (milliseconds === null) return '-';
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(2)}s`;
  return `${milliseconds >= 10 ? Math.round(milliseconds) : milliseconds.toFixed(2)}ms`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Bytes in steps of 1,000: `12.3 MB`. */
export function shownBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  for (; value >= 999.5 && unit < UNITS.length - 1; unit++) value /= 1000;
  return `${unit === 0 ? value : value.toPrecision(3)} ${UNITS[unit]}`;
}

/** How often in a second, with as many places as say something: `0.0042`, `12.3`, `1,234`. */
export function shownRate(perSecond: number): string {
  if (perSecond === 0) return '0';
  if (perSecond >= 100) return shownCount(Math.round(perSecond));
  return String(Number(perSecond.toPrecision(3)));
}

/** A span of time in UTC, to the minute: `2024-01-14 10:30 to 2024-01-15 10:30 UTC`. */
export function shownSpan({ from, to }: { readonly from: string; readonly to: string }): string {
  const minute = (time: string) => printable(time).slice(0, 16).replace('T', ' ');
  return `${minute(from)} to ${minute(to)} UTC`;
}
