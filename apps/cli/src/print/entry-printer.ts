import type { EntryReply } from '@tailrace/schema';
import { createLineFormatter, type LineStyle } from './entry-line.js';
import type { Output } from './output.js';
import { printableJson } from './printable.js';

/** Prints entries, one line each, in the order given. */
export type EntryPrinter = (entries: readonly EntryReply[]) => Promise<void>;

/**
 * @param style how lines look, or `json` for one JSON object a line. On a terminal its characters are escaped like
 *   those of lines; elsewhere it is exactly what the gateway replied.
 */
export function createEntryPrinter(output: Output, style: LineStyle | 'json'): EntryPrinter {
  const linesOf = style === 'json' ? jsonFormatter(output) : createLineFormatter(style);
  return (entries) =>
    output.write(
      linesOf(entries)
        .map((line) => `${line}\n`)
        .join(''),
    );
}

function jsonFormatter(output: Output): (entries: readonly EntryReply[]) => string[] {
  const format = output.isTerminal ? printableJson : JSON.stringify;
  return (entries) => entries.map((entry) => format(entry));
}
