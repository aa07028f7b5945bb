/**
 * Whatever shows nothing, or does something, instead of showing itself: controls, format characters (bidi overrides,
 * zero-width joiners), surrogates, private use, unassigned, line separators, fillers.
 */
const NON_PRINTING = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const PLAIN = /^[\x20-\x7e]*$/;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Text as it may stand on a terminal, in one line: what does not print stands as `\n`, `\u001b` or `\u202e`. */
export function printable(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(NON_PRINTING, (character) => SHORT_ESCAPES[character] ?? escapeUnits(character));
}

/** JSON in one line that a terminal only shows; every parser reads it back as what it was. */
export function printableJson(value: unknown): string {
  const json = JSON.stringify(value);
  return PLAIN.test(json) ? json : json.replace(NON_PRINTING, escapeUnits);
}

function escapeUnits(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');
}
