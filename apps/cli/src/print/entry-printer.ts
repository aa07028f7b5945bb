import type { EntryReply } from '@tailrace/schema';
import { createLineFormatter, type LineStyle } from './entry-line.js';
import type { Output } from './output.js';
import { printableJson } from './printable.js';

/** Prints entries, one line each, in the order given. */
export type EntryPrinter = (entries: readonly EntryReply[]) => Promise<void>;

/**
 * @param style how lines look, or `json` for one JSON object a line, in which what does not print is escaped. What a
 *   pipe leads to may be a terminal in the end, and every JSON parser reads the same.
 */
export function createEntryPrinter(output: Output, style: LineStyle | 'json'): EntryPrinter {
  const linesOf = style === 'json' ? jsonLines : createLineFormatter(style);
  return (entries) =>
    output.write(
      linesOf(entries)
        .map((line) => `${line}\n`)
        .join(''),
    );
}

function jsonLines(entries: readonly EntryReply[]): string[] {
  return entries.map(printableJson);
}
