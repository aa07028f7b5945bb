import type { Span } from '../text/span.js';
import { bankNumbersIn } from './bank-numbers.js';
import { isLetterOrDigit } from './letters.js';
import { structuresIn } from './structured-shapes.js';
import { tokensIn } from './token-shapes.js';

/** `Basic` and the shortest value. */
const SHORTEST = 10;
/** Letters of a token in a row, the shortest kind's, and of a number. */
const TOKEN_RUN = 15;
const NUMBER_RUN = 13;
/** As they are written; without regard to case it would take twice the time. */
const SCHEME = /[Bb]earer|[Bb]asic|-----B|BEARER|BASIC/;

const IN_TOKEN = 1;
const IN_NUMBER = 2;
/** Ids are made of these alone, and no kind of token is. */
const IN_ID = 4;
/** What a letter may be part of, by its code. */
const PART_OF = Uint8Array.from({ length: 128 }, (_, code) => {
  const letter = String.fromCharCode(code);
  return (
    (/[\w-]/.test(letter) ? IN_TOKEN : 0) |
    (/[\d +-]/.test(letter) ? IN_NUMBER : 0) |
    (/[\da-f-]/.test(letter) ? IN_ID : 0)
  );
});

/**
 * A quick look that spares most texts the slow ones. Whatever is a run of letters that long has one at each 13th place,
 * so the look is at those, and around them.
 */
export function mayHoldShape(text: string): boolean {
  const { length } = text;
  if (length < SHORTEST) return false;
  for (let at = NUMBER_RUN - 1; at < length; ) {
    const part = PART_OF[text.charCodeAt(at)] ?? 0;
    let end = 0;
    if ((part & IN_TOKEN) !== 0) {
      end = idEndAround(text, at);
      if (end === -1) return true;
    }
    if ((part & IN_NUMBER) !== 0 && isNumberAround(text, at)) return true;
    at = Math.max(at + NUMBER_RUN, end);
  }
  return SCHEME.test(text);
}

/** Where the run of letters around a place ends; -1 when it may be a token. */
function idEndAround(text: string, at: number): number {
  let start = at;
  let shared = IN_ID;
  for (; start >= 0; start--) {
    const part = PART_OF[text.charCodeAt(start)] ?? 0;
    if ((part & IN_TOKEN) === 0) break;
    shared &= part;
  }
  let end = at + 1;
  for (; end < text.length; end++) {
    const part = PART_OF[text.charCodeAt(end)] ?? 0;
    if ((part & IN_TOKEN) === 0) break;
    shared &= part;
  }
  return end - start > TOKEN_RUN && shared === 0 ? -1 : end;
}

const GROUPS = /\d-\d/;

function isNumberAround(text: string, at: number): boolean {
  let start = at;
  while (start > 0 && ((PART_OF[text.charCodeAt(start - 1)] ?? 0) & IN_NUMBER) !== 0) start--;
  let end = at + 1;
  while (end < text.length && ((PART_OF[text.charCodeAt(end)] ?? 0) & IN_NUMBER) !== 0) end++;
  if (end - start < NUMBER_RUN) return false;
  // Groups of digits within an id.
  const isWithin = isLetterOrDigit(text.charCodeAt(start - 1)) || isLetterOrDigit(text.charCodeAt(end));
  return !isWithin || !GROUPS.test(text.slice(start, end));
}

/** What is a secret by its look, whatever it is called; not in order, and they may overlap. */
export function shapesIn(text: string): Span[] {
  return [
    ...tokensIn(text),
    ...structuresIn(text),
    ...bankNumbersIn(text),
    ...credentialsIn(text),
    ...privateKeysIn(text),
    ...jsonWebTokensIn(text),
  ];
}

/** `Bearer` and `Basic` credentials (RFC 6750, RFC 7617). */
const CREDENTIALS = /\b(bearer|basic)(?:\s{1,8}|%20|\+)(\\{0,15}["'])?([\w.~+/-]{4,}=*)("?)/gi;
/** `Basic authentication`, `Bearer authorization`. */
const ONE_WORD = /^[A-Za-z][a-z]*$/;
const SHORTEST_TOKEN = 8;

function credentialsIn(text: string): Span[] {
  const spans: Span[] = [];
  CREDENTIALS.lastIndex = 0;
  for (let found = CREDENTIALS.exec(text); found !== null; found = CREDENTIALS.exec(text)) {
    const [all, scheme = '', opening, value = '', quote = ''] = found;
    // `Bearer error_description="..."` is what a server says of a token it refused.
    const isParameter = quote !== '' && value.endsWith('=') && /^[a-z_]+=$/.test(value);
    const isLong = value.length >= SHORTEST_TOKEN || opening !== undefined;
    if (isParameter || !((isLong && !ONE_WORD.test(value)) || isPair(scheme, value))) {
      // The word may itself be a scheme: `Bearer Bearer ...`.
      CREDENTIALS.lastIndex = found.index + scheme.length;
      continue;
    }
    const end = found.index + all.length - quote.length;
    spans.push({ start: end - value.length, end });
  }
  return spans;
}

/** Whether it is a user and a password, also where the two are as short as a word. */
function isPair(scheme: string, value: string): boolean {
  if (scheme.toLowerCase() !== 'basic') return false;
  const decoded = Buffer.from(value, 'base64').toString('latin1');
  return decoded.includes(':') && /^[ -~]*$/.test(decoded);
}

const TOKEN_PARTS = /[\w.=-]*/y;
/** `{"alg":` in base64url: what every header holds. */
const SHORTEST_HEADER = 10;

/** JSON Web Tokens (RFC 7519), also encrypted ones, and those whose end was cut off. */
function jsonWebTokensIn(text: string): Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (let at = text.indexOf('eyJ'); at !== -1; at = text.indexOf('eyJ', end)) {
    TOKEN_PARTS.lastIndex = at;
    TOKEN_PARTS.test(text);
    end = TOKEN_PARTS.lastIndex;
    if (hasToken(text.slice(at, end).split('.'))) spans.push({ start: at, end });
  }
  return spans;
}

function hasToken(parts: readonly string[]): boolean {
  return parts.some((part, i) => {
    const payload = parts[i + 1];
    const isHeader = part.length >= SHORTEST_HEADER && part.startsWith('eyJ');
    return isHeader && payload !== undefined && (i + 2 < parts.length || payload.startsWith('eyJ'));
  });
}

const BEGIN = '-----BEGIN';
const PRIVATE_KEY = /PRIVATE[ +]KEY/;

/** PEM (RFC 7468), also with its line ends escaped, and PGP's armour; certificates and public keys stay. */
function privateKeysIn(text: string): Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (let at = text.indexOf(BEGIN); at !== -1; at = text.indexOf(BEGIN, Math.max(end, at + BEGIN.length))) {
    if (!PRIVATE_KEY.test(text.slice(at, at + 64))) continue;
    const last = text.indexOf('-----END', at);
    const close = last === -1 ? -1 : text.indexOf('-----', last + 8);
    end = close === -1 ? text.length : close + 5;
    spans.push({ start: at, end });
  }
  return spans;
}
