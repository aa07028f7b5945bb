import type { Level } from '../entry/level.js';

/** What decides how long something is kept. `stats` is for counters, the others for entries and their indexes. */
export const RETENTION_CLASSES = ['requests', 'errors', 'oauth', 'audit', 'stats'] as const;

/** @see RETENTION_CLASSES */
export type RetentionClass = (typeof RETENTION_CLASSES)[number];

/** A class an entry can be of. */
export type EntryClass = Exclude<RetentionClass, 'stats'>;

/** A class of entries that the indexes of every entry may give up before they expire: it has indexes of its own. */
export type LongerClass = Exclude<EntryClass, 'requests'>;

/** @see EntryClass */
export const ENTRY_CLASSES = RETENTION_CLASSES.filter((name): name is EntryClass => name !== 'stats');

/** @see LongerClass */
export const LONGER_CLASSES = ENTRY_CLASSES.filter(isKeptLonger);

/** Whether entries of the class are also in its own indexes. */
export function isKeptLonger(name: EntryClass): name is LongerClass {
  return name !== 'requests';
}

/** Days each class is kept (spec 003 "Configurable Retention"; audit is seven years, spec 004). */
export type RetentionDays = Readonly<Record<RetentionClass, number>>;

/** @default requests 7, errors 30, oauth 90, audit 2555, stats 365 days */
export const DEFAULT_RETENTION_DAYS: RetentionDays = {
  requests: 7,
  errors: 30,
  oauth: 90,
  audit: 2555,
  stats: 365,
};

/** Days that minute histograms (`stats:response_times:…`) and `writers` are kept, whatever the settings. */
export const SHORT_STATS_DAYS = 7;

export const DAY_MS = 86_400_000;
/** Longest retention, a hundred years. */
export const MAX_RETENTION_DAYS = 36_500;

/** How far ahead of the writer's clock an entry's timestamp may lie. */
export const MAX_FUTURE_MS = DAY_MS;

/** What the class of an entry depends on. */
export interface Classified {
  readonly kind: 'request' | 'log';
  readonly level: Level;
  readonly status_code?: number | undefined;
  readonly event?: string | undefined;
}

/**
 * The one class an entry belongs to: AUDIT before OAuth events before errors (level ERROR and up, or a
 * request answered with status >= 400), else `requests`.
 */
export function classOf(entry: Classified): EntryClass {
  if (entry.level === 'AUDIT') return 'audit';
  if (entry.event?.startsWith('oauth.')) return 'oauth';
  if (isError(entry)) return 'errors';
  return 'requests';
}

/** Whether `/logs/errors` shows the entry: level ERROR or CRITICAL, or a request answered with status >= 400. */
export function isError(entry: Classified): boolean {
  if (entry.level === 'ERROR' || entry.level === 'CRITICAL') return true;
  return entry.kind === 'request' && entry.status_code !== undefined && entry.status_code >= 400;
}

/**
 * Parses `LOG_RETENTION_DAYS`: `requests=7,errors=30`, where classes not named keep their default, or `30` for all classes.
 *
 * @throws RangeError naming the class, the value and what is allowed.
 */
export function parseRetentionDays(text: string): RetentionDays {
  const days: Record<RetentionClass, number> = { ...DEFAULT_RETENTION_DAYS };
  if (/^\s*\d+(?:\.\d+)?\s*$/.test(text)) {
    const all = checkDays('all classes', Number(text));
    return Object.fromEntries(RETENTION_CLASSES.map((name) => [name, all])) as RetentionDays;
  }
  for (const part of text.split(',')) {
    if (part.trim() === '') continue;
    const [name = '', value = ''] = part.split('=').map((piece) => piece.trim());
    if (!RETENTION_CLASSES.includes(name as RetentionClass)) {
      throw new RangeError(`retention class "${name}" is unknown; allowed: ${RETENTION_CLASSES.join(', ')}`);
    }
    days[name as RetentionClass] = checkDays(name, Number(value === '' ? Number.NaN : value));
  }
  return days;
}

function checkDays(name: string, value: number): number {
  if (!(value > 0 && value <= MAX_RETENTION_DAYS)) {
    throw new RangeError(
      `retention of "${name}" is ${value} days; allowed: more than 0, at most ${MAX_RETENTION_DAYS}`,
    );
  }
  return value;
}

/** Why an entry is refused for its timestamp, in codes clients can branch on. */
export type AgeRefusalCode = 'entry_too_old' | 'entry_in_future';

/** @see ageRefusal */
export interface AgeRefusal {
  readonly code: AgeRefusalCode;
  readonly message: string;
}

/**
 * An entry older than its retention would vanish as it is written, and one from the far future would outlive it:
 * both are refused with a reason.
 *
 * @param now epoch milliseconds
 * @returns why the entry is refused, `undefined` when it is not.
 */
export function ageRefusal(
  entry: Classified & { readonly timestamp: number },
  days: RetentionDays,
  now: number,
): AgeRefusal | undefined {
  const retention = classOf(entry);
  if (entry.timestamp < now - days[retention] * DAY_MS) {
    const message = `timestamp ${isoOf(entry.timestamp)} is older than the ${days[retention]} days class ${retention} is kept`;
    return { code: 'entry_too_old', message };
  }
  if (entry.timestamp > now + MAX_FUTURE_MS) {
    return {
      code: 'entry_in_future',
      message: `timestamp ${isoOf(entry.timestamp)} is more than a day ahead`,
    };
  }
  return undefined;
}

function isoOf(timestamp: number): string {
  return Math.abs(timestamp) <= 8.64e15 ? new Date(timestamp).toISOString() : String(timestamp);
}
