import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * The one spelling of an IP address used in keys and indexes: IPv6 lower-case and compressed (RFC 5952) without
 * a zone, IPv4-mapped IPv6 (`::ffff:192.0.2.1`) as IPv4.
 *
 * @returns the canonical text, or `undefined` when the text is no IP address.
 */
export function canonicalIp(text: string): string | undefined {
  if (isIPv4(text)) return text;
  const zone = text.indexOf('%');
  const address = zone === -1 ? text : text.slice(0, zone);
  if (!isIPv6(address)) return undefined;
  const parsed = ipaddr.IPv6.parse(address);
  return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address().toString() : parsed.toRFC5952String();
}
