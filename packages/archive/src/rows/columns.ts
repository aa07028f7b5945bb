/** Name in Parquet, type in DuckDB, of every column of a sealed file, in order. */
export const COLUMNS = {
  timestamp: 'BIGINT',
  order: 'USMALLINT',
  id: 'VARCHAR',
  is_request: 'BOOLEAN',
  level: 'VARCHAR',
  component: 'VARCHAR',
  message: 'VARCHAR',
  client_ip: 'VARCHAR',
  client_hostname: 'VARCHAR',
  proxy_hostname: 'VARCHAR',
  method: 'VARCHAR',
  path: 'VARCHAR',
  route: 'VARCHAR',
  status_code: 'USMALLINT',
  response_time_ms: 'DOUBLE',
  bytes_sent: 'DOUBLE',
  user_agent: 'VARCHAR',
  referrer: 'VARCHAR',
  user_id: 'VARCHAR',
  session_id: 'VARCHAR',
  client_id: 'VARCHAR',
  trace_id: 'VARCHAR',
  span_id: 'VARCHAR',
  request_id: 'VARCHAR',
  event: 'VARCHAR',
  outcome: 'VARCHAR',
  objects: 'VARCHAR[]',
  error: 'VARCHAR',
  data: 'VARCHAR',
  truncated: 'VARCHAR',
  has_foldings: 'BOOLEAN',
  whole: 'VARCHAR',
} as const;

/** @see COLUMNS */
export type Column = keyof typeof COLUMNS;

/** @see COLUMNS */
export const COLUMN_NAMES = Object.keys(COLUMNS) as Column[];

/** Columns that hold JSON, as a text. */
export const JSON_COLUMNS = ['error', 'data', 'truncated'] as const satisfies readonly Column[];

/** A column as SQL names it. */
export function named(column: Column): string {
  return `"${column}"`;
}

/** All columns, in their order, as SQL lists them. */
export const ALL_COLUMNS: string = COLUMN_NAMES.map(named).join(', ');
