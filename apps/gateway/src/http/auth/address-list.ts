import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { canonicalIp } from '@tailrace/schema';

/** Whether an address, as a socket or a header names it, is in a list. */
export type AddressList = (address: string) => boolean;

/**
 * Makes a list of addresses and CIDR ranges.
 *
 * @throws RangeError for one that is neither, with what is allowed.
 */
export function addressList(ranges: readonly string[]): AddressList {
  const list = new BlockList();
  for (const range of ranges) {
    const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(range) ?? [];
    const family = familyOf(address);
    const longest = family === 'ipv4' ? 32 : 128;
    if (family === undefined || Number(bits ?? longest) > longest) {
      throw new RangeError(
        `"${range}" is no address; allowed: such as 192.0.2.1, 10.0.0.0/8 or fd00::/8, separated by commas`,
      );
    }
    list.addSubnet(address, Number(bits ?? longest), family);
  }
  return (address) => {
    const canonical = canonicalIp(address);
    const family = familyOf(canonical ?? '');
    return canonical !== undefined && family !== undefined && list.check(canonical, family);
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  if (isIPv4(address)) return 'ipv4';
  return isIPv6(address) ? 'ipv6' : undefined;
}
