/**
 * Whatever shows nothing, or does something, instead of showing itself: controls, format characters (bidi
 * overrides, zero-width joiners), surrogates, private use, unassigned, line separators, fillers.
 */
const NON_PRINTING = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const PLAIN = /^[\x20-\x7e]*$/;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Text from a log as it may stand on a terminal: every non-printing character is shown as `\n`, `\x1b`, `\u202e`
 * or `\u{e0041}`, so that no log can move the cursor, change colours or look like a second line.
 * For reading only: a backslash stays as it is, so the way back is not unique; `--json` is exact.
 */
export function printable(text: string): string {
  return PLAIN.test(text) ? text : text.replace(NON_PRINTING, escapeCharacter);
}

/**
 * JSON in one line that a terminal only shows: the same characters stand as `\uXXXX`, which every JSON parser
 * reads back as what they were.
 */
export function printableJson(value: unknown): string {
  const json = JSON.stringify(value);
  return PLAIN.test(json) ? json : json.replace(NON_PRINTING, escapeUnits);
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) as number;
  if (code > 0xffff) return `\\u{${code.toString(16)}}`;
  if (code > 0xff) return escapeUnits(character);
  return SHORT_ESCAPES[character] ?? `\\x${code.toString(16).padStart(2, '0')}`;
}

function escapeUnits(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');
}
