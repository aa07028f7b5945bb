import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import { followResponse } from './follow-node.js';
import { followUpgrade } from './follow-upgrade.js';
import { guarded } from './guarded.js';
import { type MiddlewareOptions, resolveMiddlewareOptions } from './middleware-options.js';
import { NodeExchange } from './node-exchange.js';
import { RequestLog } from './request-log.js';

export type { RequestEnd } from './middleware-options.js';
export type { ReverseDnsOptions } from './reverse-dns.js';

/** @see MiddlewareOptions */
export type FastifyLoggingOptions = MiddlewareOptions<FastifyRequest>;

/**
 * Plugin of Fastify that logs requests: `app.register(logRequests, options)`, before the routes.
 *
 * @throws RangeError when an option is wrong: it names the option, its value and what is allowed.
 */
export const logRequests: FastifyPluginAsync<FastifyLoggingOptions> = Object.assign(
  register,
  // Without these Fastify would keep the hooks from the routes beside the plugin.
  { [Symbol.for('skip-override')]: true, [Symbol.for('fastify.display-name')]: 'tailrace' },
);

async function register(app: FastifyInstance, options: FastifyLoggingOptions): Promise<void> {
  const settings = resolveMiddlewareOptions(options);
  app.decorateRequest(LOG, undefined);
  app.addHook('onRequest', (request, reply, next) => {
    const log = guarded(() => {
      const { raw } = request;
      const exchange = new NodeExchange(raw, reply.raw, () => request.routeOptions.url);
      const opened = new RequestLog(settings, exchange, request);
      (request as Logged)[LOG] = opened;
      if (isUpgrade(raw)) followUpgrade(opened, raw.socket);
      else followResponse(opened, raw, reply.raw);
      return opened;
    });
    if (log === undefined) next();
    else log.run(next);
  });
  app.addHook('onError', (request, _, error, next) => {
    (request as Logged)[LOG]?.failed(error);
    next();
  });
}

/** Kept on the request itself: in a WeakMap every request would outlive the garbage collector's short runs. */
const LOG = Symbol('tailrace.request');

type Logged = FastifyRequest & { [LOG]?: RequestLog<FastifyRequest> };

/** `@fastify/websocket` sends upgrades through the routes. */
function isUpgrade(request: FastifyRequest['raw']): boolean {
  return (request as { readonly upgrade?: boolean }).upgrade === true;
}
