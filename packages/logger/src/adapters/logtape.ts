import type { LogRecord, Sink } from '@logtape/logtape';
import { currentLogger, flush } from '../log-functions.js';
import { foreignLevel } from './foreign-level.js';

/**
 * Makes a sink for LogTape. Entries are logged by the logger of this process, as its own calls are: the category is the
 * component (`['app', 'db']` is `app.db`), properties are fields. LogTape's `dispose()` waits until all is written.
 */
export function getTailraceSink(): Sink & AsyncDisposable {
  return Object.assign(logRecord, { [Symbol.asyncDispose]: flush });
}

function logRecord({ category, level, message, properties, timestamp }: LogRecord): void {
  const fields = { component: category.join('.') || undefined, ...properties, timestamp };
  currentLogger().log(foreignLevel(level), textOf(message), fields);
}

/** Texts and values in turns, as LogTape gives them. */
function textOf(parts: readonly unknown[]): string {
  return parts.map((part, i) => (i % 2 === 0 ? String(part) : shown(part))).join('');
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    return (typeof value === 'object' && value !== null && JSON.stringify(value)) || String(value);
  } catch {
    return '[unreadable]';
  }
}
