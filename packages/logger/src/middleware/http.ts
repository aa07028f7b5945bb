import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { pathPattern } from '@tailrace/schema';
import { followResponse } from './follow-node.js';
import { followUpgrade } from './follow-upgrade.js';
import { guarded } from './guarded.js';
import { type MiddlewareOptions, resolveMiddlewareOptions } from './middleware-options.js';
import { NodeExchange, type NodeRequest, type NodeResponse } from './node-exchange.js';
import { RequestLog } from './request-log.js';

export type { RequestEnd } from './middleware-options.js';
export type { NodeRequest, NodeResponse } from './node-exchange.js';
export type { ReverseDnsOptions } from './reverse-dns.js';

/** @see MiddlewareOptions */
export type HttpLoggingOptions = MiddlewareOptions<NodeRequest>;

/** Middleware of Connect and Express, and for the listeners of Node's servers. */
export interface HttpLogging {
  /**
   * Logs one request, and runs `next` in its context: the next middleware, or the rest of the listener.
   *
   * @returns what `next` returns. @throws what it throws.
   */
  <Result>(request: NodeRequest, response: NodeResponse, next: () => Result): Result;
  /** The same for a listener of `upgrade`: `(request, socket, head) => logging.upgrade(request, socket, () => ...)`. */
  upgrade<Result>(request: IncomingMessage, socket: Duplex, next: () => Result): Result;
  /** Middleware of Express for errors: keeps the error for the entry, and hands it on. */
  readonly errors: (
    error: unknown,
    request: NodeRequest,
    response: NodeResponse,
    next: (error: unknown) => void,
  ) => void;
}

/**
 * Logs requests of `node:http`, `node:http2` (compatible API), Connect and Express.
 *
 * @throws RangeError when an option is wrong: it names the option, its value and what is allowed.
 */
export function logRequests(options: HttpLoggingOptions = {}): HttpLogging {
  const settings = resolveMiddlewareOptions(options);
  const open = (request: NodeRequest, response: NodeResponse | undefined, socket: Duplex | undefined) =>
    guarded(() => {
      const exchange = new NodeExchange(request, response, () => expressRoute(request));
      const log = new RequestLog(settings, exchange, request);
      (request as Logged)[LOG] = log;
      if (socket !== undefined) followUpgrade(log, socket);
      else if (response !== undefined) followResponse(log, request, response);
      return log;
    });
  const logging = <Result>(request: NodeRequest, response: NodeResponse, next: () => Result): Result =>
    noticing(open(request, response, undefined), next);
  return Object.assign(logging, {
    upgrade<Result>(request: IncomingMessage, socket: Duplex, next: () => Result): Result {
      return noticing(open(request, undefined, socket), next);
    },
    errors(error: unknown, request: NodeRequest, _: NodeResponse, next: (error: unknown) => void): void {
      guarded(() => (request as Logged)[LOG]?.failed(error));
      next(error);
    },
  });
}

/**
 * Runs the handler in the request's context and keeps what it throws or rejects with for the entry; whoever called it is
 * told as before. What cannot be logged is handled all the same.
 */
function noticing<Result>(log: RequestLog<NodeRequest> | undefined, next: () => Result): Result {
  if (log === undefined) return next();
  return log.run(() => {
    try {
      const result = next();
      if (!(result instanceof Promise)) return result;
      return result.catch((error: unknown) => {
        log.failed(error);
        throw error;
      }) as Result;
    } catch (error) {
      log.failed(error);
      throw error;
    }
  });
}

/** Kept on the request itself: in a WeakMap every request would outlive the garbage collector's short runs. */
const LOG = Symbol('tailrace.request');

type Logged = NodeRequest & { [LOG]?: RequestLog<NodeRequest> };

/** What Express says of the route that answered. */
interface Routed {
  readonly baseUrl?: unknown;
  readonly route?: { readonly path?: unknown };
}

/** Where the router is mounted is known as the client asked for it, so its ids are taken out. */
function expressRoute(request: NodeRequest): string | undefined {
  const { baseUrl, route } = request as Routed;
  if (typeof route?.path !== 'string') return undefined;
  return typeof baseUrl === 'string' && baseUrl !== '' ? pathPattern(baseUrl) + route.path : route.path;
}
