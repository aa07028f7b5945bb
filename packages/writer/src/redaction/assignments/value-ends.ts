/** Where values without quotes end, by where they stand. Each reads a letter once, whatever the text holds. */

/** `&`, `#` and `;` of a query string that is itself a parameter. */
const ENCODED_END = /%(?:25){0,3}(?:26|23|3B)/iy;
/** What may stand behind a quote that closes something, and not within a word. */
const BEHIND_QUOTE = /[\s,;:)}\]\\]/;
const NEXT_NAME = /[\w.[\]-]{1,64}=/y;
const SCHEME = /^[A-Za-z][\w-]{1,31}$/;
/** Schemes whose credentials are a list of parameters (IANA's registry, AWS, Hawk). */
const LIST_SCHEME =
  /^(?:digest|hoba|mutual|oauth|scram-[\w-]+|vapid|signature|hawk|aws4-hmac-sha256|dpop|gnap)$/i;
const MAX_SCHEME = 32;

/** @param quote the one the name stands in or behind, or '' @param most letters that are looked at */
type ValueEnd = (text: string, start: number, quote: string, most: number) => number;

/** Within a query string. */
export const parameterEnd = endWhere((text, at) => ' \t\r\n&#;"\'<>`'.includes(text.charAt(at)));

/** Within a query string that is itself a parameter. */
export const encodedEnd = endWhere(
  (text, at) =>
    ' \t\r\n&#;"\'<>`'.includes(text.charAt(at)) ||
    (text.charCodeAt(at) === 37 && fits(ENCODED_END, text, at)),
);

/** A number or word in JSON. */
export const scalarEnd = endWhere((text, at) => ' \t\r\n,}]'.includes(text.charAt(at)));

/** Up to the next blank, the quote the name stands behind, a quote that closes something, or a closing tag. */
export const wordEnd = endWhere(endsWord);

/** As a word, or up to the next `name=` of a form or a connection string. */
export const formValueEnd = endWhere(
  (text, at, quote) =>
    endsWord(text, at, quote) || ('&;,'.includes(text.charAt(at)) && fits(NEXT_NAME, text, at + 1)),
);

/** The value of a header that is not on a line of its own: a scheme and its credentials, a list of parameters or cookies. */
export function listEnd(text: string, start: number, quote: string, most: number): number {
  let end = wordEnd(text, start, quote, most);
  let isFirst = true;
  while (end < text.length && ' \t'.includes(text.charAt(end))) {
    const next = wordEnd(text, end + 1, quote, most);
    const goesOn = ';,'.includes(text.charAt(end - 1));
    const scheme = isFirst && end - start <= MAX_SCHEME ? text.slice(start, end) : '';
    const isPair = text.slice(end + 1, Math.min(next, end + 1 + 64)).includes('=');
    if (!goesOn && !(isPair ? LIST_SCHEME : SCHEME).test(scheme)) break;
    end = next;
    isFirst = false;
  }
  return end;
}

function endWhere(isEnd: (text: string, at: number, quote: string) => boolean): ValueEnd {
  return (text, start, quote, most) => {
    const stop = Math.min(text.length, start + most);
    let at = start;
    while (at < stop && !isEnd(text, at, quote)) at++;
    return at;
  };
}

function endsWord(text: string, at: number, quote: string): boolean {
  switch (text.charCodeAt(at)) {
    case 9:
    case 10:
    case 13:
    case 32:
      return true;
    case 34:
    case 39:
    case 96:
      return text.charAt(at) === quote || at + 1 === text.length || BEHIND_QUOTE.test(text.charAt(at + 1));
    case 60:
      return text.charAt(at + 1) === '/';
    default:
      return false;
  }
}

function fits(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}
