import type { EntryReply } from '@tailrace/schema';
import { entryDetails } from '../print/entry-details.js';
import type { Palette } from '../print/palette.js';
import { printable } from '../print/printable.js';

type EntryError = NonNullable<EntryReply['error']>;

/** An entry with all its fields, and under them its error with stack and causes, as a runtime would print them. */
export function errorText({ error, ...fields }: EntryReply, palette: Palette): string {
  const details = entryDetails(fields, palette);
  return error === undefined ? details : `${details}${errorLines(error, palette).join('')}`;
}

function errorLines(error: EntryError, palette: Palette, lead = ''): string[] {
  const { type, message, code, stack, cause } = error;
  const head = `${lead}${type}: ${message}${code === undefined ? '' : ` (${code})`}`;
  const frames = (stack ?? '').split('\n').filter((line) => /^\s+at |^\s*File "/.test(line));
  return [
    `${palette.error(printable(head))}\n`,
    ...frames.map((frame) => `${palette.dim(`    ${printable(frame.trim())}`)}\n`),
    ...(cause === undefined ? [] : errorLines(cause as EntryError, palette, 'caused by ')),
  ];
}
