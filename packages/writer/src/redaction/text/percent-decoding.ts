/**
 * A parameter's value as the application sees it.
 *
 * @param separator the `=` before it as it stands in the text; each `25` in it is one more encoding
 */
export function decoded(value: string, separator: string): string {
  let plain = value;
  for (let left = separator.length === 1 ? 1 : (separator.length + 1) / 2; left > 0; left--) {
    if (!plain.includes('%') && !plain.includes('+')) break;
    plain = decodedOnce(plain);
  }
  return plain;
}

function decodedOnce(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
}

const HEX_PAIR = /[0-9a-f]{2}/iy;
const MAX_ENCODINGS = 4;

/** Where the encoded character (`%5F`, `%255F`) that ends at `end` begins; `undefined`: none does. */
export function encodedStart(text: string, end: number): number | undefined {
  HEX_PAIR.lastIndex = end - 2;
  if (end < 3 || !HEX_PAIR.test(text)) return undefined;
  let at = end - 2;
  for (let left = MAX_ENCODINGS; left > 0; left--) {
    if (text.charAt(at - 1) === '%') return at - 1;
    if (!text.startsWith('25', at - 2)) return undefined;
    at -= 2;
  }
  return undefined;
}

/** The character encoded by the two digits before `end`. */
export function encodedCharacter(text: string, end: number): string {
  return String.fromCharCode(Number.parseInt(text.slice(end - 2, end), 16));
}
