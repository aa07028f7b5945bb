import type { MiddlewareHandler } from 'hono';
import { RequestError } from './errors/request-error.js';
import { shownValue } from './errors/shown-value.js';
import type { GatewayEnv } from './gateway-env.js';
import { isLoopback } from './loopback.js';

/**
 * Refuses requests made under another name than this machine's: a web page whose own name was pointed at 127.0.0.1
 * (DNS rebinding) could otherwise read the logs in the browser of whoever opened it.
 */
export const hostCheck: MiddlewareHandler<GatewayEnv> = async (c, next) => {
  const host = c.req.header('host') ?? new URL(c.req.url).host;
  if (!isLoopback(host.replace(/:\d*$/, ''))) {
    const message = `host is ${shownValue(host)}; allowed: localhost, 127.0.0.1 or [::1], with any port`;
    throw new RequestError('forbidden', message, 'host');
  }
  await next();
};
