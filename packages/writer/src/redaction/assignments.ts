import { nameBefore } from './assigned-name.js';
import { type Span, valueAfter } from './assigned-value.js';
import { isOpaque } from './opaque-text.js';
import { decoded } from './percent-decoding.js';
import { REDACTED } from './redacted.js';
import type { SecretName, SecretNames } from './secret-names.js';

/** Gives what stands in place of a secret value. */
export type ReplaceSecret = (secret: SecretName, value: string) => string;

/** `=` and `:`, and the `=` of a URL that is itself a parameter of a URL. */
const SEPARATOR = /[:=]|%(?:25){0,3}3[Dd]/g;

/** A quick look that spares most texts the slow one; a plain URL is among them. */
export function mayAssign(text: string): boolean {
  if (text.includes('=')) return true;
  const colon = text.indexOf(':');
  const isPlain = colon === -1 || (text.startsWith('//', colon + 1) && isPlainUrl(text, colon + 3));
  return !isPlain || (text.includes('%') && ENCODED_SEPARATOR.test(text));
}

function isPlainUrl(text: string, from: number): boolean {
  return !text.includes('@', from) && !text.includes(':', from);
}

const ENCODED_SEPARATOR = /%(?:25){0,3}3d/i;

/**
 * Replaces what is assigned to secret names in a text: in query strings, fragments and form bodies, in header lines, in
 * JSON and what looks like it, also escaped, in `name=value` and `name: value`, and the password of a URL. Takes time in
 * proportion to the length of the text, whatever it holds.
 */
export function redactAssignments(text: string, names: SecretNames, replace: ReplaceSecret): string {
  let redacted = '';
  let kept = 0;
  let oauth: boolean | undefined;
  const isOAuth = () => (oauth ??= OAUTH_QUERY.test(text));
  SEPARATOR.lastIndex = 0;
  for (let found = SEPARATOR.exec(text); found !== null; found = SEPARATOR.exec(text)) {
    const end = SEPARATOR.lastIndex;
    const secret = text.startsWith('://', found.index)
      ? userInfoAfter(text, found.index + 3)
      : assignedSecret(text, found.index, found[0], names, replace, isOAuth);
    SEPARATOR.lastIndex = end;
    if (secret === undefined) continue;
    redacted += text.slice(kept, secret.start) + secret.replacement;
    kept = secret.end;
    SEPARATOR.lastIndex = Math.max(kept, end);
  }
  return kept === 0 ? text : redacted + text.slice(kept);
}

interface Replacement extends Span {
  readonly replacement: string;
}

function assignedSecret(
  text: string,
  at: number,
  separator: string,
  names: SecretNames,
  replace: ReplaceSecret,
  isOAuth: () => boolean,
): Replacement | undefined {
  const assigned = nameBefore(text, at, names);
  if (assigned === undefined) return undefined;
  const { secret, isParameter } = assigned;
  const value = valueAfter(text, at, separator, assigned);
  if (value === undefined) return undefined;
  const isEncoded = separator !== ':' && !value.isQuoted;
  const plain = isEncoded
    ? decoded(text.slice(value.start, value.end), separator)
    : text.slice(value.start, value.end);
  if (value.isQuoted ? plain === '' : NO_SECRET.test(plain)) return undefined;
  const isUnlikely = secret.isProse && separator === ':' && !value.isQuoted;
  const isSecret = isUnlikely
    ? isOpaque(plain)
    : isSecretValue(secret, plain, isParameter) || (isParameter && secret.kind === 'state' && isOAuth());
  if (!isSecret) return undefined;
  return { ...value, replacement: replace(secret, plain) };
}

/** Beside one of these, `state` is that of an authorization request or its answer (RFC 6749, 4.1), however short. */
const OAUTH_QUERY = /[?&#](?:client_id|code|error)=/;

const NO_SECRET = /^(?:|null|undefined|true|false)$/;

/**
 * Whether this value of the name is a secret one.
 *
 * @param isParameter of a URL, where a short `code` is one too
 */
export function isSecretValue(secret: SecretName, value: string, isParameter: boolean): boolean {
  if (secret.when === 'always') return true;
  if (secret.when === 'urn') return /^urn:/i.test(value);
  return isParameter && secret.kind === 'code' ? !/^\d{1,3}$/.test(value) : isOpaque(value);
}

const AUTHORITY = /[^\s/?#"'<>\\`]*/y;

/** The password of `scheme://user:password@host`, or a token in place of the user. */
function userInfoAfter(text: string, start: number): Replacement | undefined {
  AUTHORITY.lastIndex = start;
  AUTHORITY.test(text);
  const authority = text.slice(start, AUTHORITY.lastIndex);
  const end = authority.lastIndexOf('@');
  if (end === -1) return undefined;
  const colon = authority.slice(0, end).indexOf(':');
  const isSecret = colon === -1 ? isOpaque(authority.slice(0, end)) : colon + 1 < end;
  return isSecret ? { start: start + colon + 1, end: start + end, replacement: REDACTED } : undefined;
}
