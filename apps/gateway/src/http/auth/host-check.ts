import type { MiddlewareHandler } from 'hono';
import { RequestError } from '../errors/request-error.js';
import { shownValue } from '../errors/shown-value.js';
import type { GatewayEnv } from '../gateway-env.js';
import type { HostList } from './host-list.js';

/**
 * Refuses requests made under a name that is not the gateway's: a web page whose own name was pointed at the gateway's
 * address (DNS rebinding) could otherwise read and remove the logs in the browser of whoever opened it.
 */
export function hostCheck(isAllowed: HostList): MiddlewareHandler<GatewayEnv> {
  return async (c, next) => {
    const host = c.req.header('host') ?? new URL(c.req.url).host;
    if (!isAllowed(host)) {
      const message = `host is ${shownValue(host)}; allowed: localhost, 127.0.0.1 or [::1], with any port, and what ALLOWED_HOSTS names`;
      throw new RequestError('forbidden', message, 'host');
    }
    await next();
  };
}
