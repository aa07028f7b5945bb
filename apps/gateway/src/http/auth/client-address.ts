import type { HttpBindings } from '@hono/node-server';
import { canonicalIp } from '@tailrace/schema';
import type { GatewayContext } from '../gateway-env.js';
import type { AddressList } from './address-list.js';

/**
 * Whose address a request comes from: the one at the other end of the connection. Only a trusted proxy there is believed
 * when it says in `X-Forwarded-For` for whom it asks; each proxy adds at the right, so the rightmost address that is no
 * trusted proxy is the client's, and what stands left of it may be made up.
 *
 * @returns the canonical address; `unknown` without a connection, as in a test
 */
export function clientAddress(c: GatewayContext, isTrustedProxy: AddressList): string {
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>;
  let address = canonicalIp(incoming?.socket.remoteAddress ?? '');
  const forwarded = (c.req.header('x-forwarded-for') ?? '').split(',');
  while (address !== undefined && isTrustedProxy(address)) {
    const before = canonicalIp(forwarded.pop()?.trim() ?? '');
    if (before === undefined) break;
    address = before;
  }
  return address ?? 'unknown';
}
