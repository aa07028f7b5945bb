import { canonicalIp } from '@tailrace/schema';
import { LRUCache } from 'lru-cache';
import { type ForwardedHeader, forwardedHops } from './forwarded-hops.js';
import type { TrustedProxies } from './trusted-proxies.js';

/** Proxies one behind the other that are followed. */
const MAX_HOPS = 32;

/**
 * Who asks: the peer, or, when the peer is a trusted proxy, the last address that proxy and the trusted ones before it
 * vouch for. What is no address ends the search, and then the nearest address that is known counts.
 *
 * @param peer as the socket has it, `undefined` when it has none
 * @param forwarded the value of `header`, the one header the trusted proxies write
 * @returns a canonical address
 */
export function clientAddress(
  peer: string | undefined,
  forwarded: string | undefined,
  header: ForwardedHeader,
  trusted: TrustedProxies | undefined,
): string | undefined {
  let client = peer === undefined ? undefined : canonicalPeer(peer);
  if (forwarded === undefined || trusted?.has(client) !== true) return client;
  let hops = 0;
  for (const hop of forwardedHops(header, forwarded)) {
    if (hop === undefined) break;
    client = hop;
    hops++;
    if (hops === MAX_HOPS || !trusted.has(hop)) break;
  }
  return client;
}

const MAX_KNOWN_PEERS = 4_096;
const knownPeers = new LRUCache<string, string>({ max: MAX_KNOWN_PEERS });

/** A connection has many requests. An IPv6 address takes two microseconds to spell, an IPv4 address none worth saving. */
function canonicalPeer(peer: string): string | undefined {
  if (!peer.includes(':')) return canonicalIp(peer);
  const known = knownPeers.get(peer);
  if (known !== undefined) return known;
  const ip = canonicalIp(peer);
  // Not with a zone, which has no bound.
  if (ip !== undefined && !peer.includes('%')) knownPeers.set(peer, ip);
  return ip;
}
