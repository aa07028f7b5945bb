import { isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * The one spelling of an IP address used in keys and indexes: IPv6 lower-case and compressed (RFC 5952) without
 * a zone, IPv4-mapped IPv6 (`::ffff:192.0.2.1`) as IPv4.
 *
 * @returns the canonical text, or `undefined` when the text is no IP address.
 */
export function canonicalIp(text: string): string | undefined {
  if (isIpv4(text)) return text;
  if (!text.includes(':')) return undefined;
  const zone = text.indexOf('%');
  const address = zone === -1 ? text : text.slice(0, zone);
  if (!isIPv6(address)) return undefined;
  const parsed = ipaddr.IPv6.parse(address);
  return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address().toString() : parsed.toRFC5952String();
}

/** Four numbers without leading zeros. A loop, because it is run for every entry. */
function isIpv4(text: string): boolean {
  let dots = 0;
  let number = -1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) {
      if (number < 0) return false;
      dots++;
      number = -1;
    } else {
      const digit = code - ZERO;
      if (digit < 0 || digit > 9 || number === 0) return false;
      number = number < 0 ? digit : number * 10 + digit;
      if (number > 255) return false;
    }
  }
  return dots === 3 && number >= 0;
}

const DOT = 0x2e;
const ZERO = 0x30;
