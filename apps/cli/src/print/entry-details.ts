import type { EntryReply } from '@tailrace/schema';
import type { Palette } from './palette.js';
import { printable, printableJson } from './printable.js';

/** Everything known of one entry, a field a line; objects stand as JSON. */
export function entryDetails(entry: EntryReply, palette: Palette): string {
  const fields = Object.entries(entry).filter(([, value]) => value !== undefined);
  const width = Math.max(...fields.map(([name]) => name.length));
  return fields
    .map(([name, value]) => `${palette.dim(printable(name).padEnd(width))}  ${valueText(value)}\n`)
    .join('');
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? printable(value) : printableJson(value);
}
