import type { SecretName, SecretNames } from '../names/secret-names.js';
import { encodedCharacter, encodedStart } from '../text/percent-decoding.js';

/** A secret name with a value behind it. */
export interface AssignedName {
  readonly secret: SecretName;
  /** The quote the name stands in, or behind: `"password":`, `-H "Cookie: a=b"`. */
  readonly quote: string;
  /** Whether the name itself is in quotes, as in JSON. */
  readonly isQuoted: boolean;
  /** Whether blanks stand between the name and the separator. */
  readonly isSpaced: boolean;
  /** Whether it is the parameter of a query string or fragment. */
  readonly isParameter: boolean;
}

/** Characters looked at before a separator: bounded, so that no text makes reading backwards slow. */
const MAX_NAME = 64;
const MAX_ENCODED_NAME = 128;
const MAX_BLANKS = 4;
const MAX_ESCAPES = 16;
const MAX_INDEX = 8;
const BEFORE_PARAMETER = /[?&#;]/;

/** The secret name that ends before the separator at `at`. */
export function nameBefore(text: string, at: number, names: SecretNames): AssignedName | undefined {
  const blankFrom = skipBack(text, at, isBlank, MAX_BLANKS);
  let end = blankFrom;
  let quote = '';
  if (isQuote(text.charCodeAt(end - 1))) {
    quote = text.charAt(end - 1);
    end = skipBack(text, end - 1, isBackslash, MAX_ESCAPES);
  }
  // `user[password][]` has two of them.
  for (let left = 2; left > 0 && text.charAt(end - 1) === ']'; left--) end = withoutIndex(text, end);
  const start = skipBack(text, end, isWord, MAX_NAME);
  if (start === end) return undefined;
  const before = text.charAt(start - 1);
  if (before === '%') return encodedName(text, end, names);
  const secret = names.get(wordsBefore(text, start, end));
  if (secret === undefined) return undefined;
  return {
    secret,
    quote: quote === '' && isQuote(text.charCodeAt(start - 1)) ? before : quote,
    isQuoted: quote !== '',
    isSpaced: blankFrom < at,
    isParameter: isParameterAt(text, start, before),
  };
}

function isParameterAt(text: string, start: number, before: string): boolean {
  if (before === '[') return BEFORE_PARAMETER.test(beforeWord(text, start - 1));
  // `;` parts parameters of a path, and of HTML's `&amp;`; elsewhere those of a connection string.
  if (before === ';')
    return IN_URL.test(
      text
        .slice(Math.max(0, start - MAX_URL), start)
        .split(/\s/)
        .at(-1) ?? '',
    );
  return BEFORE_PARAMETER.test(before);
}

const IN_URL = /[/?&]/;
const MAX_URL = 128;

/** `user[password]` ends in the word in brackets, `password[]` and `password[0]` before them. */
function withoutIndex(text: string, end: number): number {
  const open = skipBack(text, end - 1, isDigit, MAX_INDEX);
  return text.charAt(open - 1) === '[' ? open - 1 : end - 1;
}

function beforeWord(text: string, end: number): string {
  return text.charAt(skipBack(text, end, isWord, MAX_NAME) - 1);
}

/** `API key: ...` is two words, and `key` alone is no secret. */
function wordsBefore(text: string, start: number, end: number): string {
  const word = text.slice(start, end);
  if (word.toLowerCase() !== 'key' || text.charAt(start - 1) !== ' ') return word;
  return text.slice(skipBack(text, start - 1, isWord, MAX_NAME), end);
}

/** The name of `%3Fclient%5Fsecret=`. */
function encodedName(text: string, end: number, names: SecretNames): AssignedName | undefined {
  let name = '';
  let before = '';
  for (let at = end; at > end - MAX_ENCODED_NAME && at > 0; ) {
    const start = encodedStart(text, at);
    const character = start === undefined ? text.charAt(at - 1) : encodedCharacter(text, at);
    at = start ?? at - 1;
    if (isWord(character.charCodeAt(0))) {
      name = character + name;
    } else if (character !== ']' || name !== '') {
      before = character;
      break;
    }
  }
  const secret = name === '' ? undefined : names.get(name);
  if (secret === undefined) return undefined;
  const isParameter = BEFORE_PARAMETER.test(before);
  return { secret, quote: '', isQuoted: false, isSpaced: false, isParameter };
}

function skipBack(text: string, from: number, fits: (code: number) => boolean, most: number): number {
  const stop = Math.max(0, from - most);
  let at = from;
  while (at > stop && fits(text.charCodeAt(at - 1))) at--;
  return at;
}

function isWord(code: number): boolean {
  // Letters, digits, - and _.
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 45 ||
    code === 95
  );
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isQuote(code: number): boolean {
  return code === 34 || code === 39 || code === 96;
}

function isBackslash(code: number): boolean {
  return code === 92;
}
