/** Digits that a number may not hold, or an exponent that may be past all numbers. */
const MAY_LOSE_DIGITS = /\d{16}|\de\+?\d{3}/i;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * `JSON.parse`, but a number whose digits a JavaScript number cannot hold (an integer past 2^53, RFC 8259 section 6)
 * becomes a text with just these digits. Linear in the length of the text.
 *
 * @throws SyntaxError when the text is no JSON.
 */
export function parseExactJson(text: string): unknown {
  return JSON.parse(MAY_LOSE_DIGITS.test(text) ? quoteLongNumbers(text) : text);
}

function quoteLongNumbers(text: string): string {
  let out = '';
  let copied = 0;
  for (let i = 0; i < text.length; ) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = endOfString(text, i + 1);
    else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      NUMBER.lastIndex = i;
      const number = NUMBER.exec(text)?.[0];
      if (number === undefined) return text;
      if (losesDigits(number)) {
        out += `${text.slice(copied, i)}"${number}"`;
        copied = i + number.length;
      }
      i += number.length;
    } else i += 1;
  }
  return out + text.slice(copied);
}

function losesDigits(number: string): boolean {
  const value = Number(number);
  if (!Number.isFinite(value)) return true;
  return number.length >= 16 && Math.abs(value) > Number.MAX_SAFE_INTEGER && !/e/i.test(number);
}

/** The place after the quote that closes a string. */
function endOfString(text: string, start: number): number {
  for (let i = start; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i += 1;
    else if (code === QUOTE) return i + 1;
  }
  return text.length;
}

/** Whether arrays and objects are nested deeper than so many levels; strings are passed over. */
export function nestsDeeper(text: string, levels: number): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = endOfString(text, i + 1) - 1;
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > levels) return true;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return false;
}
