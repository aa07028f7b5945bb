import { type Level, parseLevel } from '@tailrace/schema';

/** Names other programs have for levels, beside those the schema understands. */
const LEVEL_WORDS: Readonly<Record<string, Level>> = {
  silly: 'TRACE',
  verbose: 'DEBUG',
  notice: 'INFO',
  information: 'INFO',
  err: 'ERROR',
  crit: 'CRITICAL',
  alert: 'CRITICAL',
  emerg: 'CRITICAL',
  emergency: 'CRITICAL',
  panic: 'CRITICAL',
};

/** RFC 5424 severities 0 to 7, as GELF writes them. */
const SYSLOG: readonly Level[] = [
  'CRITICAL',
  'CRITICAL',
  'CRITICAL',
  'ERROR',
  'WARNING',
  'INFO',
  'INFO',
  'DEBUG',
];
/** pino's and bunyan's tens: 10 trace to 60 fatal. */
const TENS: readonly Level[] = ['TRACE', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'];

/** @returns the level a name or number stands for, `undefined` when it is none. */
export function readLevel(value: unknown): Level | undefined {
  if (typeof value === 'string') return parseLevel(value) ?? LEVEL_WORDS[value.toLowerCase()];
  if (typeof value !== 'number') return undefined;
  return SYSLOG[value] ?? TENS[Math.floor(value / 10) - 1];
}
