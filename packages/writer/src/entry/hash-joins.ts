import { OAUTH_JOINS, type OAuthJoin } from '@tailrace/schema';
import { isHashed } from '../redaction/keyed-hash.js';

/** Gives the hash of a secret under a name that keeps values of different meaning apart. */
export type HashSecret = (kind: string, value: string) => string;

/** Names of joins that are no secrets. */
const PLAIN_JOINS: ReadonlySet<string> = new Set<OAuthJoin>(['flow', 'jti']);
const SECRET_JOINS = OAUTH_JOINS.filter((join) => !PLAIN_JOINS.has(join));

/** A copy of what `data.oauth` holds in which every secret that joins steps is hashed, whatever it looks like. */
export function hashJoins(
  oauth: Readonly<Record<string, unknown>>,
  hash: HashSecret,
): Record<string, unknown> {
  const copy = { ...oauth };
  for (const join of SECRET_JOINS) {
    if (copy[join] !== undefined) copy[join] = hashed(join, copy[join], hash);
  }
  return copy;
}

function hashed(join: string, value: unknown, hash: HashSecret): unknown {
  const one = (secret: unknown) => {
    const text = typeof secret === 'number' ? String(secret) : secret;
    if (typeof text !== 'string' || text === '' || isHashed(text)) return text;
    return hash(join.replaceAll('_', ''), text);
  };
  return Array.isArray(value) ? value.map(one) : one(value);
}
