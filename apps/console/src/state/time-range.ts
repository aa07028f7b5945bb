/** What part of the log is looked at: so many hours back from now, or a fixed window in epoch milliseconds. */
export type TimeRange = { readonly hours: number } | { readonly from: number; readonly to: number };

/** A fixed window, both ends included. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export const PRESETS: readonly { readonly label: string; readonly hours: number }[] = [
  { label: '5 minutes', hours: 5 / 60 },
  { label: '15 minutes', hours: 0.25 },
  { label: '1 hour', hours: 1 },
  { label: '6 hours', hours: 6 },
  { label: '24 hours', hours: 24 },
  { label: '7 days', hours: 168 },
  { label: '30 days', hours: 720 },
];

const HOURS_OF: Readonly<Record<string, number>> = { s: 1 / 3600, m: 1 / 60, h: 1, d: 24, w: 168 };
const HOUR_MS = 3_600_000;

/** The window a range is at a moment. */
export function windowOf(range: TimeRange, now: number): Window {
  return 'hours' in range ? { from: now - range.hours * HOUR_MS, to: now } : range;
}

/**
 * Understands what somebody typed: `15m`, `2h`, `7d`; `2026-11-20 10:00 to 2026-11-20 11:00`; `2026-11-20` (the whole day); or
 * `around 2026-11-20 10:00`. Times without an offset are those of this browser.
 *
 * @returns `undefined` when it is none of these
 */
export function parseRange(text: string): TimeRange | undefined {
  const typed = text.trim();
  const relative = /^(?:last\s+)?(\d+(?:\.\d+)?)\s*([smhdw])[a-z]*$/i.exec(typed);
  if (relative !== null) {
    const hours = Number(relative[1]) * (HOURS_OF[(relative[2] ?? '').toLowerCase()] ?? 0);
    return hours > 0 ? { hours } : undefined;
  }
  const day = /^\d{4}-\d\d-\d\d$/.exec(typed);
  if (day !== null) {
    const from = momentOf(`${typed} 00:00`);
    return from === undefined ? undefined : { from, to: from + 24 * HOUR_MS - 1 };
  }
  const around = /^around\s+(.+)$/i.exec(typed);
  if (around !== null) {
    const at = momentOf(around[1] ?? '');
    return at === undefined ? undefined : aroundMoment(at);
  }
  const [start = '', end = ''] = typed.split(/\s+(?:to|until)\s+|\s*\.\.\s*/i);
  const from = momentOf(start);
  const to = /^now$/i.test(end) ? Date.now() : momentOf(end);
  return from === undefined || to === undefined || to < from ? undefined : { from, to };
}

/** A minute before and after a moment. */
export function aroundMoment(at: number): Window {
  return { from: at - 60_000, to: at + 60_000 };
}

/** A flow may begin some time before a step of it, and end after it. */
export function aroundFlow(at: number): Window {
  return { from: at - HOUR_MS, to: at + HOUR_MS };
}

/** A range as it is shown, and as {@link parseRange} takes it. */
export function rangeText(range: TimeRange): string {
  if ('from' in range) return `${momentText(range.from)} to ${momentText(range.to)}`;
  const preset = PRESETS.find(({ hours }) => hours === range.hours);
  if (preset !== undefined) return `Last ${preset.label}`;
  const minutes = range.hours * 60;
  if (minutes < 1) return `Last ${Math.round(minutes * 60)} s`;
  if (minutes < 120) return `Last ${round(minutes)} m`;
  return range.hours < 48 ? `Last ${round(range.hours)} h` : `Last ${round(range.hours / 24)} d`;
}

/** `2026-11-20 10:00:00`, in the time zone of this browser; milliseconds where there are any. */
export function momentText(ms: number): string {
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${clockText(ms, ms % 1000 !== 0)}`;
}

/** `10:00:00.250`, in the time zone of this browser. */
export function clockText(ms: number, withMilliseconds = true): string {
  const date = new Date(ms);
  const part = (value: number, digits = 2) => String(value).padStart(digits, '0');
  const clock = `${part(date.getHours())}:${part(date.getMinutes())}:${part(date.getSeconds())}`;
  return withMilliseconds ? `${clock}.${part(date.getMilliseconds(), 3)}` : clock;
}

function momentOf(text: string): number | undefined {
  const typed = text.trim();
  if (!/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?( ?(Z|[+-]\d\d:?\d\d))?$/i.test(typed)) return undefined;
  const ms = Date.parse(typed.replace(' ', 'T').replace(' ', ''));
  return Number.isNaN(ms) ? undefined : ms;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
