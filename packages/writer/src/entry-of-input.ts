import type { Entry, EntryInput } from '@tailrace/schema';
import { buildEntry } from './entry/build-entry.js';
import type { LogRecord } from './record/log-record.js';
import { snapshotFields } from './record/snapshot.js';
import type { Redactor } from './redaction/redactor.js';

/** The entry of what a caller gives, without id and order. @param now its timestamp where none is given */
export function entryOf(input: EntryInput, now: number, redactor: Redactor): Entry {
  const { kind, level, message, timestamp = now, ...given } = input;
  const { fields, bytes, truncated } = snapshotFields(given);
  const isRequest =
    kind === 'request' || (kind === undefined && input.method !== undefined && input.path !== undefined);
  const record: LogRecord = {
    kind: isRequest ? 'request' : 'log',
    level: level ?? (isRequest ? undefined : 'INFO'),
    timestamp,
    message: message ?? (isRequest ? undefined : ''),
    line: undefined,
    fields,
    bytes,
    truncated,
  };
  return buildEntry(record, redactor);
}
