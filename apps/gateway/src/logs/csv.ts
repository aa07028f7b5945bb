import { ENTRY_FIELDS, type EntryReply } from '@tailrace/schema';

const COLUMNS = [...ENTRY_FIELDS] as readonly (keyof EntryReply)[];

/**
 * Where a spreadsheet may take a text for a formula (OWASP, "CSV Injection"): at its begin, and behind what another
 * spreadsheet takes for the end of a cell or a line, each time also behind blanks and what shows nothing. The wide forms of
 * the signs are read as the signs.
 */
const FORMULA_START =
  /(?<=^|[;|\t\r\n\v\f\u0085\u2028\u2029])(?=(?:(?![\t\r\n\v\f\u0085\u2028\u2029])[\s\p{Cc}\p{Cf}])*[=+\-@＝＋－＠])/gu;
/** A text that begins so begins a formula for some, whatever follows. */
const BREAK_START = /^[\t\r\n\v\f\u0085\u2028\u2029]/;

/** The line of names, and the lines of entries below it (RFC 4180). Every cell is quoted. */
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
  const escaped = text.replace(FORMULA_START, "'");
  return BREAK_START.test(escaped) ? `'${escaped}` : escaped;
}

function lineOf(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`;
}
