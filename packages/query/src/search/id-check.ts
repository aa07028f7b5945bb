import { isIP } from 'node:net';
import { type Entry, kindOfId } from '@tailrace/schema';
import { type CompiledFilter, partOf } from '../filter/compile-filter.js';

/**
 * What ids alone say, before entries are read: the id of a request holds its client's IP, so a search for a range of
 * addresses reads only the entries of that range. A single address has an index, which says so earlier.
 *
 * @returns a function that says whether the entry of an id may match; `undefined` where ids say nothing.
 */
export function idCheck(filter: CompiledFilter): ((id: string) => boolean) | undefined {
  const ranges = partOf(
    filter,
    ({ field, values }) => field === 'ip' && values.some((value) => String(value).includes('/')),
  );
  if (ranges.conditions.length === 0) return undefined;
  return (id) => {
    const ip = kindOfId(id) === 'request' ? CLIENT_IP.exec(id)?.[1] : undefined;
    return ip === undefined || isIP(ip) === 0 || ranges.matches({ client_ip: ip } as Entry);
  };
}

const CLIENT_IP = /(?:^|:)req:\d+:(?:~[^:]*:)?(.+):[^:]+$/;
