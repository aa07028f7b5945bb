import type { HttpBindings } from '@hono/node-server';
import type { Load } from '@tailrace/api';
import { networkOf } from './auth/address-network.js';
import { clientAddress } from './auth/client-address.js';
import type { GatewayContext, GatewayDeps } from './gateway-env.js';
import { createLoadBounds, DEFAULT_MAX_AT_ONCE, DEFAULT_MAX_CLIENT_SHARE } from './load-bounds.js';
import { createWorkTurns } from './work-turns.js';

/**
 * Of the requests that are let in so many are worked at; more would take no less time, and everybody else, such as who
 * asks for `/health`, would wait behind all of them.
 */
const AT_WORK: Partial<Record<Load, number>> = { search: 6, join: 2 };

/**
 * Answers a request while it has a place among those of its kind: until its reply is sent whole, or its connection ends.
 *
 * @throws RequestError when there is none.
 */
export type LoadCheck = <T>(
  c: GatewayContext,
  load: Load | undefined,
  answer: () => Promise<T>,
) => Promise<T>;

/** @see LoadCheck */
export function createLoadCheck({
  maxAtOnce = DEFAULT_MAX_AT_ONCE,
  maxClientShare = DEFAULT_MAX_CLIENT_SHARE,
  isTrustedProxy = () => false,
}: Pick<GatewayDeps, 'maxAtOnce' | 'maxClientShare' | 'isTrustedProxy'>): LoadCheck {
  const bounds = createLoadBounds(maxAtOnce, maxClientShare);
  const turns = new Map(
    Object.entries(AT_WORK).map(([load, max]) => [load as Load, createWorkTurns(max)] as const),
  );
  return async (c, load, answer) => {
    if (load === undefined) return answer();
    const giveBack = bounds.take(load, networkOf(clientAddress(c, isTrustedProxy)));
    const { outgoing } = (c.env ?? {}) as Partial<HttpBindings>;
    outgoing?.once('close', giveBack);
    if (outgoing?.destroyed) giveBack();
    try {
      return await (turns.get(load)?.run(answer) ?? answer());
    } finally {
      if (outgoing === undefined) giveBack();
    }
  };
}
