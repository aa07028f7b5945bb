/**
 * A text as SQL writes it. A value stands in the SQL itself, not as a parameter: DuckDB compares a constant with the zone maps
 * and blooms of a file and compiles an expression once, a parameter it takes for something that changes from row to row.
 */
export function quoted(text: string): string {
  const parts = text.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  // SQL ends at U+0000.
  return parts.length === 1 ? (parts[0] as string) : `(${parts.join(' || chr(0) || ')})`;
}

/** A finite number, as SQL writes a DOUBLE. */
export function double(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`no number of SQL: ${value}; allowed: a finite one`);
  return `${value}::DOUBLE`;
}
