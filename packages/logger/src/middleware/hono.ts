import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context, Env, MiddlewareHandler } from 'hono';
import type { RequestIdVariables } from 'hono/request-id';
import { matchedRoutes } from 'hono/route';
import { followResponse } from './follow-node.js';
import { followUpgrade } from './follow-upgrade.js';
import { followWeb, WebExchange } from './follow-web.js';
import { guarded } from './guarded.js';
import { type MiddlewareOptions, resolveMiddlewareOptions } from './middleware-options.js';
import { NodeExchange } from './node-exchange.js';
import { REQUEST_ID_HEADER } from './request-id.js';
import { RequestLog } from './request-log.js';

// Also says to TypeScript that a context has `requestId`.
export type { RequestIdVariables } from 'hono/request-id';
export type { RequestEnd } from './middleware-options.js';
export type { ReverseDnsOptions } from './reverse-dns.js';

/** @see MiddlewareOptions */
export interface HonoLoggingOptions<E extends Env> extends MiddlewareOptions<Context<E>> {
  /** The address of whoever connected, on servers other than `@hono/node-server`: their `getConnInfo` knows it. */
  readonly peerAddress?: (context: Context<E>) => string | undefined;
}

/** What `@hono/node-server` gives with a request. */
interface NodeBindings {
  readonly incoming?: IncomingMessage;
  /** Not there for an upgrade. */
  readonly outgoing?: ServerResponse;
}

/**
 * Middleware of Hono that logs requests; `app.use(logRequests())` before the routes. The request's id is
 * `c.var.requestId`, as with Hono's own `requestId()`, whose id it takes when that stands before it. For variables of your own in `fields` and `skip`, name their
 * types: `logRequests<AppEnv>(...)`.
 *
 * @throws RangeError when an option is wrong: it names the option, its value and what is allowed.
 */
export function logRequests<E extends Env>(options: HonoLoggingOptions<E> = {}): MiddlewareHandler<E> {
  const { peerAddress, ...rest } = options;
  const settings = resolveMiddlewareOptions<Context<E>>(rest);
  return (c, next) => {
    const { incoming, outgoing } = (c.env ?? {}) as NodeBindings;
    const isWeb = incoming === undefined;
    const log = guarded(() => {
      const routeOf = () => routeThatAnswered(c);
      const exchange = isWeb
        ? new WebExchange(
            c.req.raw,
            () => c.res,
            guarded(() => peerAddress?.(c)),
            routeOf,
          )
        : new NodeExchange(incoming, outgoing, routeOf);
      const variables = c as unknown as Context<{ Variables: Partial<RequestIdVariables> }>;
      const opened = new RequestLog(settings, exchange, c, variables.get('requestId'));
      variables.set('requestId', opened.id);
      if (!isWeb && outgoing !== undefined) followResponse(opened, incoming, outgoing);
      else if (!isWeb) followUpgrade(opened, incoming.socket);
      return opened;
    });
    if (log === undefined) return next();
    // Not `await`, which makes one more promise: on Node 20 each costs its part of the context.
    return log.run(next).then(
      () => {
        if (c.error !== undefined) log.failed(c.error);
        if (outgoing === undefined) c.header(REQUEST_ID_HEADER, log.id);
        if (isWeb) c.res = followWeb(log, c.req.raw, c.res);
      },
      (error: unknown) => {
        // Hono hands on what is no Error, and whoever called it answers.
        log.failed(error);
        if (isWeb) log.end(undefined, 'failed');
        throw error;
      },
    );
  };
}

/** A pattern for all below a path that is there for every method is a middleware's: nothing answered there. */
function routeThatAnswered(c: Context): string | undefined {
  const last = matchedRoutes(c).at(-1);
  return last === undefined || (last.method === 'ALL' && last.path.endsWith('*')) ? undefined : last.path;
}
