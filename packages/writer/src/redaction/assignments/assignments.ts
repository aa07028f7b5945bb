import type { SecretName, SecretNames } from '../names/secret-names.js';
import { isOpaque } from '../text/opaque-text.js';
import { decoded } from '../text/percent-decoding.js';
import type { Replacement } from '../text/span.js';
import { nameBefore } from './assigned-name.js';
import { type AssignedValue, valueAfter } from './assigned-value.js';
import { UserInfo } from './user-info.js';

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
 * What is assigned to secret names in a text: in query strings, fragments and form bodies, in header lines, in JSON and
 * what looks like it, also escaped, in `name=value` and `name: value`, and the password of a URL. Takes time in
 * proportion to the length of the text, whatever it holds.
 */
export function assignmentsIn(text: string, names: SecretNames, replace: ReplaceSecret): Replacement[] {
  const secrets: Replacement[] = [];
  const userInfo = new UserInfo(text);
  let oauth: boolean | undefined;
  const isOAuth = () => (oauth ??= OAUTH_QUERY.test(text));
  let next = 0;
  for (;;) {
    SEPARATOR.lastIndex = next;
    const found = SEPARATOR.exec(text);
    if (found === null) return secrets;
    next = SEPARATOR.lastIndex;
    const secret = text.startsWith('://', found.index)
      ? userInfo.after(found.index + 3)
      : assignedSecret(text, found.index, found[0], names, replace, isOAuth);
    if (secret === undefined) continue;
    secrets.push(secret);
    next = Math.max(next, secret.end);
  }
}

function assignedSecret(
  text: string,
  at: number,
  separator: string,
  names: SecretNames,
  replace: ReplaceSecret,
  isOAuth: () => boolean,
): Replacement | undefined {
  const name = nameBefore(text, at, names);
  if (name === undefined) return undefined;
  const { secret, isParameter } = name;
  const judged = valueAfter(
    text,
    at,
    separator,
    name,
    secret.when === 'always' && !secret.isProse ? undefined : MAX_LOOK,
  );
  if (judged === undefined) return undefined;
  const isUnlikely = secret.isProse && separator === ':' && !judged.isQuoted && !name.isQuoted;
  const plainOf = ({ start, end, isQuoted }: AssignedValue) =>
    separator === ':' || isQuoted ? text.slice(start, end) : decoded(text.slice(start, end), separator);
  const looked = plainOf(judged);
  if (judged.isQuoted ? looked === '' : NO_SECRET.test(looked)) return undefined;
  const isSecret = isUnlikely
    ? isCredential(looked)
    : isSecretValue(secret, looked, isParameter) || (isParameter && secret.kind === 'state' && isOAuth());
  if (!isSecret) return undefined;
  const value = judged.isQuoted ? judged : (valueAfter(text, at, separator, name) as AssignedValue);
  const { start } = value;
  const end = isUnlikely || value.isQuoted ? value.end : behindScheme(text, start, value.end);
  return { start, end, replacement: replace(secret, plainOf({ ...value, end })) };
}

/** Letters of a value by which is judged whether it is a secret, where it need not be. */
const MAX_LOOK = 64;

const SCHEME = /^(?:bearer|basic|digest|negotiate|token|apikey|hmac)$/i;
const CREDENTIALS = /[ \t]{1,8}[^\s,;"'`<>]+/y;

/** `secret: Bearer ...`: the scheme is not the secret. */
function behindScheme(text: string, start: number, end: number): number {
  if (end - start > 9 || !SCHEME.test(text.slice(start, end))) return end;
  CREDENTIALS.lastIndex = end;
  return CREDENTIALS.test(text) ? CREDENTIALS.lastIndex : end;
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
  if (isParameter && secret.kind === 'code') return !/^\d{1,3}$/.test(value);
  return isCredential(value);
}

/** What made a value opaque may have been replaced already; the bracket behind it may be the value's end. */
function isCredential(value: string): boolean {
  return isOpaque(value) && !REPLACED.test(value);
}

const REPLACED = /\[redacted|hmac:[\w-]{22}/;
