import { deserialize, serialize } from 'node:v8';
import { LogRecord } from '@tailrace/writer';

/**
 * @param numbers of the records, one each
 * @returns a copy of all that the records hold, without their fields' names; `undefined` when something in them cannot be
 *   copied, which a snapshot does not leave in them.
 */
export function packRecords(records: readonly LogRecord[], numbers: readonly number[]): Buffer | undefined {
  try {
    return serialize([numbers, records.map(rowOf)]);
  } catch {
    return undefined;
  }
}

/** What {@link packRecords} was given. */
export function unpackRecords(packed: Buffer): { readonly records: LogRecord[]; readonly numbers: number[] } {
  const [numbers, rows] = deserialize(packed) as [number[], Row[]];
  return { numbers, records: rows.map((row) => new LogRecord(...row)) };
}

type Row = ConstructorParameters<typeof LogRecord>;

function rowOf({
  kind,
  level,
  timestamp,
  message,
  line,
  fields,
  context,
  bytes,
  truncated,
  order,
}: LogRecord): Row {
  return [kind, level, timestamp, message, line, fields, context, bytes, truncated, order];
}
