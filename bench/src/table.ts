/** One table of figures from one run. */
export interface BenchTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly notes: readonly string[];
}

/** The table as text: numbers to the right, notes below. */
export function formatTable(table: BenchTable): string {
  const rows = [table.columns, ...table.rows].map((row) => row.map(String));
  const widths = table.columns.map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  const isText = widths.map((_, at) => table.rows.every((row) => typeof row[at] === 'string'));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => (isText[at] ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  '),
  );
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return `\n${table.title}\n\n${lines.map((line) => line.trimEnd()).join('\n')}\n\n${table.notes.join('\n')}\n`;
}
