import { type Level, parseLevel } from '@tailrace/schema';

/** Names of levels other loggers have beside those Tailrace reads itself. */
const NAMES: Readonly<Record<string, Level>> = Object.assign(Object.create(null), {
  silly: 'TRACE',
  verbose: 'DEBUG',
  http: 'INFO',
  notice: 'INFO',
  crit: 'CRITICAL',
  alert: 'CRITICAL',
  emerg: 'CRITICAL',
});
/** pino's and bunyan's numbers, 10 to 60; one between two of them counts as the lower one. */
const TENS: readonly Level[] = ['TRACE', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'];

/** The level that another logger's name or number stands for; INFO for one nobody knows. */
export function foreignLevel(level: unknown): Level {
  if (typeof level === 'number') {
    return TENS[Math.min(Math.max(Math.floor(level / 10), 1), TENS.length) - 1] ?? 'INFO';
  }
  const name = String(level);
  return parseLevel(name) ?? NAMES[name.toLowerCase()] ?? 'INFO';
}
