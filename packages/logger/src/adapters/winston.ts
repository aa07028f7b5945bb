import { isError } from '@tailrace/writer';
import Transport from 'winston-transport';
import { currentLogger } from '../log-functions.js';
import { foreignLevel } from './foreign-level.js';

/** Where winston keeps what a format may not change (triple-beam). */
const LEVEL = Symbol.for('level');
const SPLAT = Symbol.for('splat');

type Info = Readonly<Record<PropertyKey, unknown>>;

/**
 * A transport for winston. Entries are logged by the logger of this process, as its own calls are; which formats stand
 * before it does not matter, nor does `colorize`.
 */
export class TailraceTransport extends Transport {
  /** Called by winston. Returns at once and never throws. */
  override log(info: Info, next: () => void): void {
    try {
      logInfo(info);
    } catch {
      // The logger tells what cannot be read.
      currentLogger().log('INFO', info);
    }
    next();
  }
}

function logInfo(info: Info): void {
  const level = foreignLevel(info[LEVEL] ?? info.level);
  if (isError(info)) {
    const { level: _, ...fields } = info as Info;
    currentLogger().log(level, info.message, { ...fields, error: info });
    return;
  }
  const { level: _, message, stack, exception: _exception, date: _date, ...fields } = info;
  const error = errorIn(info);
  // Objects as messages are told as ours are.
  currentLogger().log(
    level,
    message,
    error === undefined ? { ...fields, ...(stack !== undefined && { stack }) } : { ...fields, error },
  );
}

/** `logger.error('text', error)` leaves the error in the splat, `format.errors` its stack, `handleExceptions` itself. */
function errorIn({ [SPLAT]: splat, error, message, stack }: Info): unknown {
  const given = Array.isArray(splat) ? splat.find(isError) : undefined;
  if (given !== undefined || isError(error)) return given ?? error;
  if (isError(message)) return message;
  if (typeof stack !== 'string') return undefined;
  const [type = 'Error'] = /^\w*(?=:|\n|$)/.exec(stack) ?? [];
  return { name: type === '' ? 'Error' : type, message: String(message), stack };
}
