import { createHmac, randomBytes } from 'node:crypto';
import { canonicalIp } from '@tailrace/schema';
import { LRUCache } from 'lru-cache';

/** How a client's address is made anonymous before anything is logged. */
export const ANONYMISATIONS = ['truncate', 'hash'] as const;

/** @see ANONYMISATIONS */
export type Anonymisation = (typeof ANONYMISATIONS)[number];

/**
 * Hashed addresses lie in this one network of the addresses that are only ever local (RFC 4193), so that nobody takes
 * one for a client's, and ranges, indexes and unique counts work on them as on any address.
 */
const HASHED_NETWORK = 'fd74:6169:6c72';
const MAX_KNOWN = 4_096;

/**
 * `truncate` zeroes what tells one customer from the next: IPv4 keeps 24 bits, IPv6 48. `hash` gives each address
 * another one, by HMAC-SHA-256 (80 bits of it).
 *
 * @param key of the hash. @default random: then an address has the same hash within this process only
 * @returns a function from one canonical address to another
 */
export function createAnonymiser(
  how: Anonymisation,
  key: string | Uint8Array = randomBytes(32),
): (address: string) => string {
  const anonymise = how === 'truncate' ? truncated : (address: string) => hashed(address, key);
  const known = new LRUCache<string, string>({ max: MAX_KNOWN, memoMethod: anonymise });
  return (address) => known.memo(address);
}

function truncated(address: string): string {
  if (!address.includes(':')) return `${address.slice(0, address.lastIndexOf('.'))}.0`;
  return network48(address);
}

function network48(address: string): string {
  const [head = ''] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const kept = [0, 1, 2].map((at) => groups[at] ?? '0');
  while (kept.at(-1) === '0') kept.pop();
  return `${kept.join(':')}::`;
}

function hashed(address: string, key: string | Uint8Array): string {
  const digest = createHmac('sha256', key).update(`client_ip\0${address}`).digest('hex');
  const groups = [0, 4, 8, 12, 16].map((at) => digest.slice(at, at + 4));
  return canonicalIp(`${HASHED_NETWORK}:${groups.join(':')}`) as string;
}
