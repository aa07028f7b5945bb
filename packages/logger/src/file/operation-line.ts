import type { Entry, JsonValue } from '@tailrace/schema';
import { printableJson } from '../console/escape-controls.js';
import { jsonLine } from '../console/json-line.js';

/** An entry as a line of the audit file: the record of an operation as spec 001 has it, any other as the console shows it. */
export function fileLine(entry: Entry): string {
  const { data, event, user_id: username } = entry;
  if (entry.level !== 'AUDIT' || typeof data?.operation_type !== 'string') return jsonLine(entry);
  const { operation_type, status, ...rest } = data;
  const record = {
    timestamp: new Date(entry.timestamp).toISOString(),
    operation: event,
    operation_type,
    username,
    status,
    ...rest,
    ...(hasError(data) && { error: entry.error?.message ?? null }),
  };
  return printableJson(record);
}

/** Batches and validations have no error of their own. */
function hasError(data: Readonly<Record<string, JsonValue>>): boolean {
  return !('operations' in data) && !('checks' in data);
}
