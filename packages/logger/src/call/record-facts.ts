import {
  DEFAULT_COMPONENT,
  type Level,
  levelOfStatus,
  parseLevel,
  REQUEST_COMPONENT,
} from '@tailrace/schema';
import type { LogRecord } from '@tailrace/writer';

/** What a record will have under this name as an entry, if it is a text; read without building the entry. */
export function textOf(record: LogRecord, name: string): string | undefined {
  return textIn(record.fields, name) ?? textIn(record.line, name as 'path') ?? textIn(record.context, name);
}

export function componentOf(record: LogRecord): string {
  const component = textOf(record, 'component');
  return component ?? (record.kind === 'request' ? REQUEST_COMPONENT : DEFAULT_COMPONENT);
}

/** A request has the level its fields name, else that of its status. */
export function levelOf({ level, fields }: LogRecord): Level {
  if (level !== undefined) return level;
  const named = typeof fields.level === 'string' ? parseLevel(fields.level) : undefined;
  return named ?? levelOfStatus(validStatus(fields.status_code));
}

/** An id as it is stored: ids that are numbers become text. */
export function idOf(record: LogRecord, name: 'trace_id' | 'session_id'): string | undefined {
  const own = record.fields[name] ?? (name === 'session_id' ? record.fields.sessionId : undefined);
  if (typeof own === 'string' && own !== '') return own;
  return typeof own === 'number' ? String(own) : textOf(record, name);
}

type Fields<Name extends string> = { readonly [Key in Name]?: unknown };

function textIn<Name extends string>(fields: Fields<Name> | undefined, name: Name): string | undefined {
  const value = fields?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function validStatus(value: unknown): number | undefined {
  return Number.isInteger(value) && (value as number) >= 100 && (value as number) <= 599
    ? (value as number)
    : undefined;
}
