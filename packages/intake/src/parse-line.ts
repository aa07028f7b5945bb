import { checkEntry } from './check-entry.js';
import { parseClfLine } from './formats/clf-line.js';
import { MAX_LINE_BYTES } from './input/lines.js';
import { parseJsonLine } from './json/json-line.js';
import { type IntakeEntry, type Reason, refuse } from './parsed-line.js';

/** A line read: its entry, or why there is none. */
export type LineResult =
  | { readonly entry: IntakeEntry; readonly repaired?: Reason }
  | { readonly refused: Reason };

/**
 * Reads a line, told by its first character.
 *
 * @param text `undefined` for a line that was too long to keep
 */
export function parseLine(text: string | undefined): LineResult {
  if (text === undefined) return refuse('line_too_long', `longer than ${MAX_LINE_BYTES} bytes`);
  try {
    const parsed = text.trimStart().startsWith('{') ? parseJsonLine(text) : parseClfLine(text);
    if ('refused' in parsed) return parsed;
    JSON.stringify(parsed.entry.data);
    const entry = checkEntry(parsed.entry);
    return parsed.repaired ? { entry, repaired: parsed.repaired } : { entry };
  } catch (error) {
    if (error instanceof RangeError) return refuse('too_deep', 'JSON nested too deeply');
    throw error;
  }
}
