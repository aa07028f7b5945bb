import { ENTRY_FIELDS, type EntryReply } from '@tailrace/schema';

const COLUMNS = [...ENTRY_FIELDS] as readonly (keyof EntryReply)[];
/** What makes a spreadsheet take a text for a formula (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r]/;

/** The line of names, and the lines of entries below it (RFC 4180). */
export function csvHeader(): string {
  return lineOf(COLUMNS);
}

/** An entry as a line. Objects and lists stand as JSON; `'` before a text keeps spreadsheets from calculating it. */
export function csvLine(entry: EntryReply): string {
  return lineOf(COLUMNS.map((name) => cellOf(entry[name])));
}

function cellOf(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return FORMULA.test(text) ? `'${text}` : text;
}

function lineOf(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
