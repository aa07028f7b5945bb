import { BlockList } from 'node:net';
import { canonicalIp } from '@tailrace/schema';
import { LRUCache } from 'lru-cache';

/** Stands in a list of trusted proxies for whoever connects through a Unix domain socket, and so has no address. */
export const UNIX_SOCKET = 'unix';

const MAX_KNOWN = 1_024;

/** Which peers are believed when they say for whom they ask. */
export class TrustedProxies {
  readonly #ranges = new BlockList();
  readonly #trustsUnix: boolean;
  /** A service has few proxies, and asks for them with every request. */
  readonly #known = new LRUCache<string, boolean>({ max: MAX_KNOWN });

  /**
   * @param proxies addresses, CIDR ranges and `unix`
   * @throws RangeError when one of them is none of these.
   */
  constructor(proxies: readonly string[]) {
    this.#trustsUnix = proxies.includes(UNIX_SOCKET);
    for (const proxy of proxies) if (proxy !== UNIX_SOCKET) this.#add(proxy);
  }

  /** @param address canonical; `undefined` is a peer without one. */
  has(address: string | undefined): boolean {
    if (address === undefined) return this.#trustsUnix;
    const known = this.#known.get(address);
    if (known !== undefined) return known;
    const isTrusted = this.#ranges.check(address, familyOf(address));
    this.#known.set(address, isTrusted);
    return isTrusted;
  }

  #add(proxy: unknown): void {
    const [, address = '', digits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(String(proxy)) ?? [];
    const ip = canonicalIp(address);
    const family = ip === undefined ? undefined : familyOf(ip);
    const bits = family === 'ipv4' ? 32 : 128;
    const length = digits === undefined ? bits : Number(digits);
    if (typeof proxy !== 'string' || ip === undefined || length > bits) {
      throw new RangeError(
        `trustedProxies contains ${String(proxy)}; allowed: IP addresses, CIDR ranges such as 10.0.0.0/8, and ${UNIX_SOCKET}`,
      );
    }
    this.#ranges.addSubnet(ip, length, family);
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}
