import { REDACTED } from './redacted.js';

/** What is a secret by its look, whatever it is called. */
export function redactShapes(text: string): string {
  if (text.length < SHORTEST || !HINT.test(text)) return text;
  let rest = text;
  if (rest.includes('-----BEGIN')) rest = redactPrivateKeys(rest);
  if (rest.includes('eyJ')) rest = redactJsonWebTokens(rest);
  return rest.replace(CREDENTIALS, redactCredentials);
}

/** `Basic` and the shortest value. */
const SHORTEST = 14;
const HINT = /eyJ|bearer|basic|-----B/i;

/** `Bearer` and `Basic` credentials (RFC 6750, RFC 7617). */
const CREDENTIALS = /\b(bearer|basic)(\s{1,8}|%20|\+)([\w.~+/-]{8,}=*)("?)/gi;
/** `Basic authentication`, `Bearer authorization`. */
const ONE_WORD = /^[A-Za-z][a-z]*$/;

function redactCredentials(match: string, scheme: string, gap: string, value: string, quote: string): string {
  // `Bearer error_description="..."` is what a server says of a token it refused.
  const isParameter = quote !== '' && value.endsWith('=') && /^[a-z_]+=$/.test(value);
  return isParameter || ONE_WORD.test(value) ? match : `${scheme}${gap}${REDACTED}${quote}`;
}

const TOKEN_PARTS = /[\w.=-]*/y;
/** `{"alg":` in base64url: what every header holds. */
const SHORTEST_HEADER = 10;

/** JSON Web Tokens (RFC 7519), also encrypted ones, and those whose end was cut off. */
function redactJsonWebTokens(text: string): string {
  let redacted = '';
  let kept = 0;
  let end = 0;
  for (let at = text.indexOf('eyJ'); at !== -1; at = text.indexOf('eyJ', end)) {
    TOKEN_PARTS.lastIndex = at;
    TOKEN_PARTS.test(text);
    end = TOKEN_PARTS.lastIndex;
    if (!hasToken(text.slice(at, end).split('.'))) continue;
    redacted += text.slice(kept, at) + REDACTED;
    kept = end;
  }
  return redacted + text.slice(kept);
}

function hasToken(parts: readonly string[]): boolean {
  return parts.some((part, i) => {
    const payload = parts[i + 1];
    const isHeader = part.length >= SHORTEST_HEADER && part.startsWith('eyJ');
    return isHeader && payload !== undefined && (i + 2 < parts.length || payload.startsWith('eyJ'));
  });
}

/** PEM (RFC 7468), also with its line ends escaped; certificates and public keys stay. */
function redactPrivateKeys(text: string): string {
  let redacted = '';
  let kept = 0;
  for (let at = text.indexOf('-----BEGIN'); at !== -1; at = text.indexOf('-----BEGIN', at + 10)) {
    if (at < kept || !text.slice(at, at + 64).includes('PRIVATE KEY')) continue;
    const last = text.indexOf('-----END', at);
    const close = last === -1 ? -1 : text.indexOf('-----', last + 8);
    redacted += text.slice(kept, at) + REDACTED;
    kept = close === -1 ? text.length : close + 5;
    if (kept === text.length) break;
  }
  return redacted + text.slice(kept);
}
