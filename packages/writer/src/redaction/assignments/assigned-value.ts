import { REDACTED } from '../text/redacted.js';
import type { Span } from '../text/span.js';
import type { AssignedName } from './assigned-name.js';
import { encodedEnd, formValueEnd, listEnd, parameterEnd, scalarEnd, wordEnd } from './value-ends.js';

/** Where the value of a name stands. */
export interface AssignedValue extends Span {
  readonly isQuoted: boolean;
}

/** Backslashes before a quote that are counted: JSON within JSON within JSON within JSON. */
const MAX_ESCAPES = 15;
const BLANKS = /[ \t]{0,8}/y;
const OPENING = /(\\{0,15})(["'`])/y;
const HASHED = /hmac:[\w-]{22}(?![\w-])/y;
/** What ends a sentence, a bracket or an escaped text rather than the value. */
const TRAILING = '.,;:)]}\\';

/**
 * The value behind the separator at `at`: a text in quotes, the rest of a header line, everything within brackets, or
 * what goes up to the next blank. `undefined`: none, or one that was replaced already.
 *
 * @param most letters of a value without quotes that are looked at. @default all
 */
export function valueAfter(
  text: string,
  at: number,
  separator: string,
  name: AssignedName,
  most = text.length,
): AssignedValue | undefined {
  const { secret, quote, isSpaced } = name;
  let start = at + separator.length;
  const isArrow = separator === '=' && text.charAt(start) === '>';
  const isAssignment = separator === ':' && text.charAt(start) === '=';
  if (isArrow || isAssignment) start++;
  if (separator === ':' || isSpaced || isArrow) start = endOf(BLANKS, text, start);
  if (text.startsWith(REDACTED, start) || endOf(HASHED, text, start) > start) return undefined;
  const opening = quotedFrom(text, start);
  const isWhole = !secret.isHeader || text.charAt((opening?.end ?? 0) + 1) !== ';';
  if (opening !== undefined && isWhole) return opening;
  if (isArrow || (separator === '=' && text.charAt(start) === '=')) return undefined;
  const isGroup = secret.when === 'always' && (text.charAt(start) === '[' || text.charAt(start) === '{');
  if (isGroup) return { start, end: groupEnd(text, start), isQuoted: false };
  if (secret.isHeader && separator === ':')
    return { start, end: lineEnd(text, start, quote), isQuoted: false };
  const end = bareEnd(name, separator)(text, start, quote, most);
  return { start, end: withoutTrailing(text, start, end), isQuoted: false };
}

function bareEnd(
  { secret, isQuoted, isSpaced, isParameter }: AssignedName,
  separator: string,
): typeof wordEnd {
  if (isQuoted) return scalarEnd;
  if (separator.length > 1) return encodedEnd;
  if (isParameter) return parameterEnd;
  if (secret.isHeader) return listEnd;
  return separator === '=' && !isSpaced ? formValueEnd : wordEnd;
}

/** What stands in the quotes that open at `at`; up to the end of the text where they are not closed. */
export function quotedFrom(text: string, at: number): AssignedValue | undefined {
  OPENING.lastIndex = at;
  const opening = OPENING.exec(text);
  if (opening === null) return undefined;
  const [all, escapes = '', quote = ''] = opening;
  const start = at + all.length;
  return { start, end: closingQuote(text, start, quote, escapes.length), isQuoted: true };
}

/** A quote with more backslashes before it than the opening one belongs to the value. */
function closingQuote(text: string, from: number, quote: string, escapes: number): number {
  for (let at = text.indexOf(quote, from); at !== -1; at = text.indexOf(quote, at + 1)) {
    const count = backslashesBefore(text, at, from);
    if (count <= escapes) return at - count;
  }
  return text.length;
}

function backslashesBefore(text: string, at: number, from: number): number {
  const stop = Math.max(from, at - MAX_ESCAPES - 1);
  let start = at;
  while (start > stop && text.charAt(start - 1) === '\\') start--;
  return at - start;
}

/** The end of the line, also of one whose end is escaped, or the quote the name stands behind. */
function lineEnd(text: string, start: number, quote: string): number {
  for (let at = start; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\n' || character === '\r' || character === quote) return at;
    if (character === '\\' && 'rn'.includes(text.charAt(at + 1))) return at;
  }
  return text.length;
}

/** Behind the bracket that closes the one at `start`, or the end of the text. */
function groupEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const character = text.charAt(at);
    if ('"\\'.includes(character)) {
      const quoted = quotedFrom(text, at);
      at = quoted === undefined ? at + 1 : text.indexOf('"', quoted.end) + 1 || text.length;
      continue;
    }
    if (character === '[' || character === '{') depth++;
    if (character === ']' || character === '}') depth--;
    at++;
    if (depth === 0) return at;
  }
  return text.length;
}

function withoutTrailing(text: string, start: number, end: number): number {
  let last = end;
  while (last > start && TRAILING.includes(text.charAt(last - 1))) last--;
  return last;
}

function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  pattern.test(text);
  return pattern.lastIndex;
}
