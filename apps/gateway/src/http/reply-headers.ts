import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { GatewayEnv } from './gateway-env.js';

const SANE_REQUEST_ID = /^[\w.:-]{1,128}$/;

/** Gives every request its id (the caller's, where it is short and printable) and every reply its headers. */
export const replyHeaders: MiddlewareHandler<GatewayEnv> = async (c, next) => {
  const given = c.req.header('x-request-id') ?? '';
  c.set('requestId', SANE_REQUEST_ID.test(given) ? given : randomUUID());
  await next();
  c.res.headers.set('x-request-id', c.get('requestId'));
  c.res.headers.set('cache-control', c.get('cacheControl') ?? 'no-store');
  c.res.headers.set('x-content-type-options', 'nosniff');
};
