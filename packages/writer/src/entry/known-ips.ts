import { canonicalIp } from '@tailrace/schema';

const MAX_IP_LENGTH = 64;
const MAX_KNOWN_IPS = 4096;
const knownIps = new Map<string, string | undefined>();

/** An IPv6 address is parsed once; the check of an IPv4 address takes less than looking it up. */
export function canonicalIpCached(text: string): string | undefined {
  if (text.length > MAX_IP_LENGTH) return undefined;
  if (!text.includes(':')) return canonicalIp(text);
  if (knownIps.has(text)) return knownIps.get(text);
  if (knownIps.size >= MAX_KNOWN_IPS) knownIps.clear();
  const ip = canonicalIp(text);
  knownIps.set(text, ip);
  return ip;
}
