import { BlockList } from 'node:net';
import type { Entry } from '@tailrace/schema';

/**
 * Reads a canonical IP address or CIDR range.
 *
 * @returns a function that says whether an entry's client IP is that address, or in that range. No range of IPv6
 * holds an IPv4 address.
 */
export function ipRangeMatcher(range: string): (entry: Entry) => boolean {
  const isIn = addressMatcher(range);
  return ({ client_ip: ip }) => ip !== undefined && isIn(ip);
}

function addressMatcher(range: string): (ip: string) => boolean {
  const [address = '', length] = range.split('/');
  if (length === undefined) return (ip) => ip === range;
  const family = familyOf(address);
  const list = new BlockList();
  list.addSubnet(address, Number(length), family);
  return (ip) => familyOf(ip) === family && list.check(ip, family);
}

function familyOf(ip: string): 'ipv4' | 'ipv6' {
  return ip.includes(':') ? 'ipv6' : 'ipv4';
}
