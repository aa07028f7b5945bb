import type { DuckDBConnection, DuckDBInstance, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type { DuckOrder, DuckReport, DuckRow, DuckValue } from './duck-protocol.js';

// The child lives as long as its parent: Ctrl-C reaches both at once, and the parent still has a file to write then.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit(0));
if (!process.connected) process.exit(0);

let instance: DuckDBInstance | undefined;
const idle: DuckDBConnection[] = [];
const busy = new Map<number, DuckDBConnection>();
const cancelled = new Set<number>();

process.on('message', (order: DuckOrder) => {
  if (order.kind === 'open') void open(order);
  else if (order.kind === 'query') void answer(order);
  else cancel(order.id);
});

async function open({ memoryMiB, threads, temporary }: DuckOrder & { kind: 'open' }): Promise<void> {
  try {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    instance = await DuckDBInstance.create(':memory:', {
      memory_limit: `${memoryMiB}MiB`,
      threads: String(threads),
      temp_directory: temporary,
      preserve_insertion_order: 'true',
      // Nothing is fetched from anywhere, and no file is opened that a query names in another way.
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const connection = await instance.connect();
    // Sealed files never change.
    await connection.run('SET GLOBAL parquet_metadata_cache = true');
    idle.push(connection);
    report({ kind: 'ready' });
  } catch (error) {
    report({ kind: 'missing', message: messageOf(error) });
  }
}

async function answer({ id, sql, values }: DuckOrder & { kind: 'query' }): Promise<void> {
  try {
    const connection = idle.pop() ?? (await (instance as DuckDBInstance).connect());
    busy.set(id, connection);
    try {
      const rows = cancelled.has(id) ? [] : await rowsOf(connection, sql, values);
      report({ kind: 'rows', id, rows });
    } finally {
      busy.delete(id);
      cancelled.delete(id);
      idle.push(connection);
    }
  } catch (error) {
    report({ kind: 'failed', id, message: messageOf(error) });
  }
}

async function rowsOf(
  connection: DuckDBConnection,
  sql: string,
  values: readonly DuckValue[],
): Promise<readonly DuckRow[]> {
  const { BOOLEAN, DOUBLE, LIST, listValue, VARCHAR } = await import('@duckdb/node-api');
  const given = values.map(
    (value): DuckDBValue => (Array.isArray(value) ? listValue(value) : (value as DuckDBValue)),
  );
  const types = values.map((value): DuckDBType => {
    if (Array.isArray(value)) return LIST(VARCHAR);
    if (typeof value === 'number') return DOUBLE;
    return typeof value === 'boolean' ? BOOLEAN : VARCHAR;
  });
  const reader = await connection.runAndReadAll(sql, given, types);
  return reader.getRowsJson() as readonly DuckRow[];
}

function cancel(id: number): void {
  const connection = busy.get(id);
  if (connection === undefined) return;
  cancelled.add(id);
  connection.interrupt();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function report(message: DuckReport): void {
  // A parent that is gone takes nothing, and `disconnect` ends this process.
  if (process.connected) process.send?.(message, () => {});
}
