import type { JsonValue } from '@tailrace/schema';
import type { FileRecord } from './operation-line.js';

/**
 * What `psql` reads before the records (spec 001 "PostgreSQL Import"): the table, unless it is there, and the begin of a COPY
 * (https://www.postgresql.org/docs/current/sql-copy.html, text format).
 */
export const POSTGRES_HEAD = `CREATE TABLE IF NOT EXISTS audit_log (
    id SERIAL PRIMARY KEY,
    timestamp TIMESTAMP,
    operation VARCHAR(50),
    operation_type VARCHAR(20),
    username VARCHAR(100),
    status VARCHAR(20),
    vm_name VARCHAR(255),
    vm_id INTEGER,
    configuration JSONB,
    node VARCHAR(100),
    task_id TEXT,
    error TEXT,
    raw_data JSONB
);
COPY audit_log (timestamp, operation, operation_type, username, status, vm_name, vm_id, configuration, node, task_id, error, raw_data) FROM stdin;
`;

/** What stands behind the records. */
export const POSTGRES_END = '\\.\n';

/** A record as a line of that COPY. A text longer than its column is cut there, and whole in `raw_data`. */
export function postgresLine({ time, operation, operation_type, username, status, raw }: FileRecord): string {
  const cells = [
    new Date(time).toISOString().replace('Z', ''),
    operation.slice(0, 50),
    operation_type?.slice(0, 20),
    username?.slice(0, 100),
    status?.slice(0, 20),
    textOf(raw.vm_name)?.slice(0, 255),
    integerOf(raw.vm_id),
    raw.configuration === undefined || raw.configuration === null ? undefined : jsonb(raw.configuration),
    textOf(raw.node)?.slice(0, 100),
    textOf(raw.task_id),
    raw.error === undefined || raw.error === null
      ? undefined
      : (textOf(raw.error) ?? JSON.stringify(raw.error)),
    jsonb(raw),
  ];
  return `${cells.map(cellOf).join('\t')}\n`;
}

/** A record as `mongoimport` reads it (spec 001 "MongoDB Import"): its time as a date of MongoDB's Extended JSON. */
export function mongoLine({ time, raw }: FileRecord): string {
  return `${JSON.stringify({ ...raw, timestamp: { $date: new Date(time).toISOString() } })}\n`;
}

/** The columns of {@link recordCells}. */
export const RECORD_COLUMNS = [
  'timestamp',
  'operation',
  'operation_type',
  'username',
  'status',
  'vm_name',
  'vm_id',
  'node',
  'task_id',
  'error',
  'raw_data',
] as const;

/** A record as the cells of a CSV, in the order of {@link RECORD_COLUMNS}. */
export function recordCells({
  time,
  operation,
  operation_type,
  username,
  status,
  raw,
}: FileRecord): string[] {
  const shown = (value: JsonValue | undefined) =>
    value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  return [
    new Date(time).toISOString(),
    operation,
    operation_type ?? '',
    username ?? '',
    status ?? '',
    shown(raw.vm_name),
    shown(raw.vm_id),
    shown(raw.node),
    shown(raw.task_id),
    shown(raw.error),
    JSON.stringify(raw),
  ];
}

/** PostgreSQL has no NUL in texts, and no half of a pair of surrogates in JSONB. */
function jsonb(value: JsonValue): string {
  const clean = JSON.stringify(value, (_, part) => (typeof part === 'string' ? withoutNul(part) : part));
  return clean.includes('\\u0000') ? JSON.stringify(JSON.parse(clean, cleanNames)) : clean;
}

function cleanNames(_: string, part: unknown): unknown {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [withoutNul(name), value]));
}

function withoutNul(text: string): string {
  return text.replaceAll('\0', '\ufffd').toWellFormed();
}

function cellOf(text: string | undefined): string {
  if (text === undefined) return '\\N';
  return withoutNul(text)
    .replaceAll('\\', '\\\\')
    .replaceAll('\t', '\\t')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function integerOf(value: JsonValue | undefined): string | undefined {
  const fits = typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31;
  return fits ? String(value) : undefined;
}
