import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { SendError } from './sender.js';

/** Networks that are somebody's own, or nobody's (IANA special-purpose registries, RFC 6890). */
const PRIVATE_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** The only part of IPv6 that is routed, and what of it holds an IPv4 address or is for documents. */
const GLOBAL_V6 = '2000::/3';
const PRIVATE_V6 = ['2001::/32', '2001:db8::/32', '2002::/16', '3fff::/20'];

const PRIVATE = blockList([...PRIVATE_V4, ...PRIVATE_V6]);
const GLOBAL = blockList([GLOBAL_V6]);

/** Whether notifications may go to an address. */
export type AddressCheck = (address: string) => boolean;

/** Makes a check that takes public addresses, and of others those `isAllowed` takes. */
export function addressCheck(isAllowed: AddressCheck = () => false): AddressCheck {
  return (address) => isPublic(address) || isAllowed(address);
}

/** A look-up of names for sockets that finds only addresses that may be connected to, so no name can change its mind in between. */
export function guardedLookup(mayConnect: AddressCheck): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '', 0);
      const allowed = found.filter(({ address }) => mayConnect(address));
      const [first] = allowed;
      if (first === undefined) return callback(refusal(hostname), '', 0);
      if (options.all === true) return callback(null, allowed);
      return callback(null, first.address, first.family);
    });
  };
}

/** @throws SendError when a host is an address that may not be connected to; names are checked when they are looked up. */
export function checkHost(host: string, mayConnect: AddressCheck): void {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0 && !mayConnect(bare)) throw refusal(bare);
}

function refusal(host: string): SendError {
  return new SendError(
    `${host} is a private address; allowed: public ones, and those in ALERT_ALLOWED_ADDRESSES`,
  );
}

function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !PRIVATE.check(address, 'ipv4');
  return family === 6 && GLOBAL.check(address, 'ipv6') && !PRIVATE.check(address, 'ipv6');
}

function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', bits] = range.split('/');
    list.addSubnet(network, Number(bits), network.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}
