import type { EntryReply } from '@tailrace/schema';
import { entryDetails } from '../print/entry-details.js';
import type { Palette } from '../print/palette.js';
import { printable } from '../print/printable.js';
import { wrapLine } from '../print/wrap-line.js';

/** Before what of an error or of a frame goes on in a further line. */
const ERROR_INDENT = 8;

type EntryError = NonNullable<EntryReply['error']>;

/** An entry with all its fields, and under them its error with stack and causes, as a runtime would print them. */
export function errorText(
  { error, ...fields }: EntryReply,
  palette: Palette,
  columns: number | undefined,
): string {
  const details = entryDetails(fields, palette, columns);
  if (error === undefined) return details;
  const lines = errorLines(error, palette).map((line) => `${wrapLine(line, columns, ERROR_INDENT)}\n`);
  return details + lines.join('');
}

function errorLines(error: EntryError, palette: Palette, lead = ''): string[] {
  const { type, message, code, stack, cause } = error;
  const head = `${lead}${type}: ${message}${code === undefined ? '' : ` (${code})`}`;
  const frames = (stack ?? '').split('\n').filter((line) => /^\s+at |^\s*File "/.test(line));
  return [
    palette.error(printable(head)),
    ...frames.map((frame) => palette.dim(`    ${printable(frame.trim())}`)),
    ...(cause === undefined ? [] : errorLines(cause as EntryError, palette, 'caused by ')),
  ];
}
