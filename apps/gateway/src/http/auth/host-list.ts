import { isLoopback } from '../loopback.js';

/** Whether a gateway answers to a `Host` header. */
export type HostList = (host: string) => boolean;

/** In a list of hosts: every name. */
export const ANY_HOST = '*';

const NAME = /^(?:[\w-]+(?:\.[\w-]+)*|\[[\da-f:.]+\])$/i;

/**
 * Makes a list of host names and addresses, whatever the port. This machine's own names are always in it: no web page
 * elsewhere has them.
 *
 * @throws RangeError for what is neither a name nor an address, with what is allowed.
 */
export function hostList(names: readonly string[]): HostList {
  for (const name of names) {
    if (name === ANY_HOST || NAME.test(name)) continue;
    throw new RangeError(
      `"${name}" is no host; allowed: such as logs.example, 192.0.2.1 or [2001:db8::1], without a port, separated by commas; * for any`,
    );
  }
  const known = new Set(names.map((name) => name.toLowerCase()));
  const takesAll = known.has(ANY_HOST);
  return (host) => {
    const name = host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
    return takesAll || isLoopback(name) || known.has(name);
  };
}
