import ipaddr from 'ipaddr.js';
import { canonicalIp } from './ip-address.js';

/**
 * The one spelling of a CIDR range (RFC 4632, RFC 4291): its first address as {@link canonicalIp} writes it, and the
 * length of its prefix. A range of one address is that address; one of IPv4-mapped addresses is one of IPv4.
 *
 * @returns the canonical text, or `undefined` when the text is no range.
 */
export function canonicalIpRange(text: string): string | undefined {
  const [, address = '', digits = ''] = /^([^/%]+)\/(\d{1,3})$/.exec(text) ?? [];
  const ip = canonicalIp(address);
  if (ip === undefined) return undefined;
  const parsed = ipaddr.parse(ip);
  const isMapped = parsed.kind() === 'ipv4' && address.includes(':');
  const length = Number(digits) - (isMapped ? 96 : 0);
  const bits = parsed.kind() === 'ipv4' ? 32 : 128;
  if (length < 0 || length > bits) return undefined;
  if (length === bits) return ip;
  const range = `${ip}/${length}`;
  const first =
    parsed.kind() === 'ipv4'
      ? ipaddr.IPv4.networkAddressFromCIDR(range)
      : ipaddr.IPv6.networkAddressFromCIDR(range);
  return `${canonicalIp(first.toString())}/${length}`;
}
