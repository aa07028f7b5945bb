import type { ReadContext } from '../format.js';
import { splitFields } from './fields.js';

const DIRECTIVE =
  /^#(Version|Fields|Date|Software|Start-Date|End-Date|Remark|GMT-Offset|Log-Service):? ?(.*)$/is;
const MAX_FIELDS = 200;

/**
 * Reads a directive of the W3C Extended Log File Format: `#Fields` names the columns of the lines that follow.
 *
 * @returns whether the line was one; it is no entry.
 */
export function readDirective(text: string, { w3c }: ReadContext): boolean {
  const [, name, value = ''] = DIRECTIVE.exec(text) ?? [];
  if (name === undefined) return false;
  if (name.toLowerCase() === 'fields') w3c.fields = value.trim().split(/\s+/).slice(0, MAX_FIELDS);
  if (name.toLowerCase() === 'date') w3c.date = /\d{4}-\d\d-\d\d/.exec(value)?.[0];
  return true;
}

/** The values of a line by the names of its columns; `-` is left out. `undefined`: not as many as there are columns. */
export function readW3cLine(text: string, { w3c }: ReadContext): Record<string, string> | undefined {
  const values = text.includes('\t') ? text.split('\t') : splitFields(text)?.map((field) => field.text);
  if (values === undefined || values.length !== w3c.fields.length) return undefined;
  return Object.fromEntries(
    w3c.fields.flatMap((name, i) =>
      values[i] === '-' || values[i] === '' ? [] : [[name, values[i] as string] as const],
    ),
  );
}
