import type { MiddlewareHandler } from 'hono';
import { RequestError } from './errors/request-error.js';
import { shownValue } from './errors/shown-value.js';
import type { GatewayEnv } from './gateway-env.js';

/** Refuses paths that cannot be decoded, before a router takes them half decoded. */
export const pathCheck: MiddlewareHandler<GatewayEnv> = async (c, next) => {
  const [, path = ''] = /^[^:]+:\/\/[^/?#]*([^?#]*)/.exec(c.req.url) ?? [];
  try {
    decodeURIComponent(path);
  } catch {
    const message = `the path ${shownValue(path)} is not percent-encoded UTF-8; allowed: % before two hex digits`;
    throw new RequestError('invalid_parameter', message, 'path');
  }
  await next();
};
