import { setOwn } from './own-property.js';

/** Stands where a secret was. */
export const REDACTED = '[redacted]';

/**
 * Names whose values are secrets wherever they stand: in fields, nested data, header maps and query strings. Compared
 * without case, `-` and `_`, so that `Set-Cookie`, `set_cookie` and `setCookie` are one.
 */
const SECRET_NAMES = new Set([
  'authorization',
  'proxyauthorization',
  'cookie',
  'setcookie',
  'password',
  'passwd',
  'pwd',
  'passphrase',
  'secret',
  'clientsecret',
  'clientassertion',
  'token',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'idtokenhint',
  'authtoken',
  'csrftoken',
  'xsrftoken',
  'bearer',
  'jwt',
  'apikey',
  'xapikey',
  'privatekey',
  'secretkey',
  'codeverifier',
  'credentials',
]);

/** An authorization code is called `code`, and so is many a harmless number: long texts of that name are secrets. */
const CODE_LENGTH = 16;
/** `Bearer` and `Basic` credentials (RFC 6750, RFC 7617) inside a text. */
const CREDENTIALS = /\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi;
/** One `name=value` of a query string or fragment. */
const QUERY_PAIR = /([?&#;])([^=?&#;\s]+)=([^&#;\s"'<>]*)/g;

/** Whether a value of this name is a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAMES.has(name.replace(/[-_\s]/g, '').toLowerCase());
}

/** Replaces secrets in a text: the values of secret names in query strings, and credentials. */
export function redactText(text: string): string {
  let redacted = text;
  if (text.includes('=')) redacted = text.replace(QUERY_PAIR, redactPair);
  return CREDENTIAL_HINT.test(redacted) ? redacted.replace(CREDENTIALS, `$1 ${REDACTED}`) : redacted;
}

const CREDENTIAL_HINT = /bearer|basic/i;

/** Replaces secrets in data nobody else holds, in place: members of secret names, and in every text as above. */
export function redactData(data: Record<string, unknown>): void {
  for (const name of Object.keys(data)) setOwn(data, name, redactMember(name, data[name]));
}

function redactMember(name: string, value: unknown): unknown {
  if (value === null || value === undefined || value === '') return value;
  if (isSecretName(name)) return REDACTED;
  if (typeof value !== 'string') return redactNested(value);
  return name.toLowerCase() === 'code' && value.length >= CODE_LENGTH ? REDACTED : redactText(value);
}

function redactNested(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(redactNested);
  if (typeof value === 'object' && value !== null) redactData(value as Record<string, unknown>);
  return value;
}

function redactPair(pair: string, before: string, name: string, value: string): string {
  const plain = decoded(name);
  return value !== '' && (isSecretName(plain) || plain === 'code') ? `${before}${name}=${REDACTED}` : pair;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
