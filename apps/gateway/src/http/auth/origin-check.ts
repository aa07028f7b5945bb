import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { RequestError } from '../errors/request-error.js';
import { shownValue } from '../errors/shown-value.js';
import type { GatewayContext, GatewayEnv } from '../gateway-env.js';

/** What a page of an allowed origin may send and read; what is asked for stands in the table of endpoints. */
const CORS = {
  allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
  allowHeaders: [
    'authorization',
    'content-encoding',
    'content-type',
    'idempotency-key',
    'last-event-id',
    'x-request-id',
  ],
  exposeHeaders: ['content-disposition', 'retry-after', 'x-request-id'],
  maxAge: 600,
};

/**
 * Refuses what a browser sends for a page of another origin, which no page can hide: `Origin` (RFC 6454) and
 * `Sec-Fetch-Site` (W3C Fetch Metadata). A form or an image needs no leave of the gateway to send a request, so it is not
 * enough that the page cannot read the reply.
 *
 * @param origins whose pages may ask, such as `https://app.example`; they are told so (CORS)
 */
export function originCheck(origins: readonly string[]): MiddlewareHandler<GatewayEnv> {
  const allowed = new Set(origins);
  const tellAllowed = cors({ origin: [...origins], ...CORS });
  return (c, next) => {
    const origin = c.req.header('origin');
    if (origin !== undefined && allowed.has(origin)) return tellAllowed(c, next);
    if (isForeign(c, origin)) throw refusal(c, origin);
    return next();
  };
}

/** The browser's own word stands above ours: behind a proxy the `Host` header may not be what the browser asked for. */
function isForeign(c: GatewayContext, origin: string | undefined): boolean {
  const site = c.req.header('sec-fetch-site');
  if (origin === undefined) return site === 'cross-site';
  return site !== 'same-origin' && !isOwn(c, origin);
}

function isOwn(c: GatewayContext, origin: string): boolean {
  const host = c.req.header('host') ?? new URL(c.req.url).host;
  if (!URL.canParse(origin)) return false;
  const { protocol, host: from } = new URL(origin);
  const own = `${protocol}//${host}`;
  return /^https?:$/.test(protocol) && URL.canParse(own) && new URL(own).host === from;
}

function refusal(c: GatewayContext, origin: string | undefined): RequestError {
  const [field, value] =
    origin === undefined ? ['sec-fetch-site', c.req.header('sec-fetch-site')] : ['origin', origin];
  const message = `${field} is ${shownValue(value)}; allowed: pages of the gateway itself, and of what ALLOWED_ORIGINS names`;
  return new RequestError('forbidden', message, field);
}
