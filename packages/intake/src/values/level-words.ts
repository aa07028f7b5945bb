import { type Level, parseLevel } from '@tailrace/schema';

/** Names other programs have for levels, beside those the schema understands. */
const LEVEL_WORDS: Readonly<Record<string, Level>> = Object.assign(Object.create(null), {
  silly: 'TRACE',
  finest: 'TRACE',
  finer: 'TRACE',
  verbose: 'DEBUG',
  fine: 'DEBUG',
  dbg: 'DEBUG',
  dbug: 'DEBUG',
  config: 'INFO',
  notice: 'INFO',
  information: 'INFO',
  informational: 'INFO',
  inf: 'INFO',
  http: 'INFO',
  success: 'INFO',
  wrn: 'WARNING',
  err: 'ERROR',
  eror: 'ERROR',
  severe: 'ERROR',
  crit: 'CRITICAL',
  alert: 'CRITICAL',
  emerg: 'CRITICAL',
  emergency: 'CRITICAL',
  panic: 'CRITICAL',
  dpanic: 'CRITICAL',
});

/** RFC 5424 section 6.2.1, severities 0 to 7. */
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
  if (typeof value === 'string') {
    if (/^\d{1,2}$/.test(value)) return readLevel(Number(value));
    return parseLevel(value) ?? LEVEL_WORDS[value.toLowerCase()];
  }
  return typeof value === 'number' ? (readSeverity(value) ?? readTens(value)) : undefined;
}

/** The level of a syslog severity, also as text. */
export function readSeverity(value: unknown): Level | undefined {
  return (typeof value === 'string' && /^\d$/.test(value)) || typeof value === 'number'
    ? SYSLOG[Number(value)]
    : undefined;
}

/** The level of pino's and bunyan's numbers, those between the tens too. */
export function readTens(value: unknown): Level | undefined {
  return typeof value === 'number' ? TENS[Math.floor(value / 10) - 1] : undefined;
}
