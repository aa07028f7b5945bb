import { isJsonObject, type JsonValue } from '@tailrace/schema';

/** A line of an audit file: a record of an operation (spec 001), or an entry. */
export interface FileRecord {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly operation: string;
  readonly operation_type: string | undefined;
  readonly username: string | undefined;
  readonly status: string | undefined;
  /** The whole line. */
  readonly raw: { readonly [name: string]: JsonValue };
}

/** @returns the record of a line, `undefined` for what has no time or no operation. */
export function readFileRecord(line: string): FileRecord | undefined {
  const raw = parseJson(line);
  if (!isJsonObject(raw)) return undefined;
  const time = Date.parse(textOf(raw.timestamp) ?? '');
  const operation = textOf(raw.operation) ?? textOf(raw.event) ?? textOf(raw.message);
  if (Number.isNaN(time) || operation === undefined) return undefined;
  return {
    time,
    operation,
    operation_type: textOf(raw.operation_type),
    username: textOf(raw.username) ?? textOf(raw.user_id),
    status: textOf(raw.status) ?? OUTCOMES[textOf(raw.outcome) ?? ''],
    raw,
  };
}

const OUTCOMES: Readonly<Record<string, string>> = { success: 'success', failure: 'failed' };

/** Which records are wanted: all that is given must fit. */
export interface RecordFilter {
  /** Epoch milliseconds, included. */
  readonly from?: number | undefined;
  /** Epoch milliseconds, included. */
  readonly to?: number | undefined;
  readonly user?: string | undefined;
  readonly status?: string | undefined;
  readonly operation?: string | undefined;
}

/** Whether a record is wanted. */
export function fitsFilter({ time, ...record }: FileRecord, filter: RecordFilter): boolean {
  return (
    time >= (filter.from ?? Number.NEGATIVE_INFINITY) &&
    time <= (filter.to ?? Number.POSITIVE_INFINITY) &&
    (filter.user === undefined || record.username === filter.user) &&
    (filter.status === undefined || record.status === filter.status) &&
    (filter.operation === undefined || record.operation === filter.operation)
  );
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
