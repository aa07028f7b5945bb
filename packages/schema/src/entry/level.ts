/**
 * Levels and their numbers, low to high (spec 003 gives TRACE the value 5; the rest follow Python's logging).
 * AUDIT stands above all: it is never filtered by level and never sampled.
 */
export const LEVELS = {
  TRACE: 5,
  DEBUG: 10,
  INFO: 20,
  WARNING: 30,
  ERROR: 40,
  CRITICAL: 50,
  AUDIT: 60,
} as const;

/** One of the seven level names, upper case, as stored and replied. */
export type Level = keyof typeof LEVELS;

/** A level's name as options and calls take it: in any case. */
export type LevelName = Level | Lowercase<Level>;

/** Every level name, lowest first. */
export const LEVEL_NAMES = Object.keys(LEVELS) as readonly Level[];

const ALIASES: Readonly<Record<string, Level>> = { WARN: 'WARNING', FATAL: 'CRITICAL' };

/**
 * Reads a level name in any case; `warn` and `fatal` are understood as other loggers write them.
 *
 * @returns the level, or `undefined` when the name is none.
 */
export function parseLevel(name: string): Level | undefined {
  const upper = name.toUpperCase();
  if (Object.hasOwn(LEVELS, upper)) return upper as Level;
  return Object.hasOwn(ALIASES, upper) ? ALIASES[upper] : undefined;
}

/** A request's level follows its status: 5xx ERROR, 4xx WARNING, anything else (also no status) INFO. */
export function levelOfStatus(statusCode: number | undefined): Level {
  if (statusCode === undefined || statusCode < 400) return 'INFO';
  return statusCode < 500 ? 'WARNING' : 'ERROR';
}

/**
 * The statuses whose requests have a level unless their writer said otherwise: the inverse of {@link levelOfStatus}.
 *
 * @returns lowest and highest status, or `undefined` for levels no status has.
 */
export function statusesOfLevel(level: Level): { readonly from: number; readonly to: number } | undefined {
  if (level === 'INFO') return { from: 100, to: 399 };
  if (level === 'WARNING') return { from: 400, to: 499 };
  return level === 'ERROR' ? { from: 500, to: 599 } : undefined;
}

/** The levels at or above `min`, lowest first. AUDIT is always among them. */
export function levelsFrom(min: Level): readonly Level[] {
  return LEVEL_NAMES.filter((level) => LEVELS[level] >= LEVELS[min]);
}
