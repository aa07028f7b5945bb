import type { EntryReply } from '@tailrace/schema';
import type { Palette } from './palette.js';
import { printable, printableJson } from './printable.js';
import { wrapLine } from './wrap-line.js';

/**
 * Everything known of one entry, a field a line; objects stand as JSON.
 *
 * @param columns of the terminal; a longer value goes on below its beginning
 */
export function entryDetails(entry: EntryReply, palette: Palette, columns: number | undefined): string {
  const fields = Object.entries(entry).filter(([, value]) => value !== undefined);
  const width = Math.max(...fields.map(([name]) => name.length));
  return fields
    .map(([name, value]) => `${palette.dim(printable(name).padEnd(width))}  ${valueText(value)}`)
    .map((line) => `${wrapLine(line, columns, width + 2)}\n`)
    .join('');
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? printable(value) : printableJson(value);
}
