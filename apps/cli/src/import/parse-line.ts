import { entryInputSchema } from '@tailrace/api';
import type { EntryInput } from '@tailrace/schema';
import { parseClfLine } from './clf-line.js';
import { parseJsonLine } from './json-line.js';
import { MAX_LINE_BYTES } from './lines.js';
import { type Candidate, type ParsedLine, type Reason, refuse } from './parsed-line.js';

/** A line read: its entry, or why there is none. */
export type LineResult =
  | { readonly entry: EntryInput; readonly repaired?: Reason }
  | { readonly refused: Reason };

/**
 * Reads a line of any supported format, told by its first character. A field whose value no entry may have (status
 * 999, a method of 100 characters) does not cost the line: the value goes to `data`.
 *
 * @param text `undefined` for a line that was too long to keep
 */
export function parseLine(text: string | undefined): LineResult {
  if (text === undefined) return refuse('line_too_long', `longer than ${MAX_LINE_BYTES} bytes`);
  try {
    const parsed = parse(text);
    if ('refused' in parsed) return parsed;
    const checked = check(parsed.entry);
    return 'entry' in checked && parsed.repaired ? { ...checked, repaired: parsed.repaired } : checked;
  } catch (error) {
    if (error instanceof RangeError) return refuse('too_deep', 'JSON nested too deeply');
    throw error;
  }
}

function parse(text: string): ParsedLine {
  return text.trimStart().startsWith('{') ? parseJsonLine(text) : parseClfLine(text);
}

function check(candidate: Candidate): LineResult {
  const first = entryInputSchema.safeParse(candidate);
  const result = first.success ? first : entryInputSchema.safeParse(demote(candidate, first.error.issues));
  if (result.success) return { entry: result.data };
  const issue = result.error.issues[0];
  return refuse('invalid_entry', `${issue?.path.join('.')}: ${issue?.message}`);
}

/** Moves the fields named by issues to `data`; without its time an entry would be another one. */
function demote(
  candidate: Candidate,
  issues: readonly { readonly path: readonly PropertyKey[] }[],
): Candidate {
  const names = new Set(issues.map((issue) => String(issue.path[0])));
  names.delete('data');
  names.delete('timestamp');
  const [moved, kept] = [true, false].map((move) =>
    Object.fromEntries(Object.entries(candidate).filter(([name]) => names.has(name) === move)),
  ) as [Candidate, Candidate];
  return { ...kept, data: { ...(candidate.data as object | undefined), ...moved } };
}
