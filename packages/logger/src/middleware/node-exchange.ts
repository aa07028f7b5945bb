import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Exchange } from './request-log.js';

/** A request of `node:http`, or of `node:http2` through its compatible API. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;

/** @see NodeRequest */
export type NodeResponse = ServerResponse | Http2ServerResponse;

/** What frameworks add to Node's request. */
interface Routed {
  /** Connect, Express and Fastify keep here what they change in `url`. */
  readonly originalUrl?: unknown;
}

/** A request and its response on Node's server. */
export class NodeExchange implements Exchange {
  readonly #request: NodeRequest;
  readonly #response: NodeResponse | undefined;
  readonly #routeOf: () => string | undefined;

  /**
   * @param response `undefined` for an upgrade, which is answered on the bare socket
   * @param routeOf the route pattern; asked for when the request is over
   */
  constructor(request: NodeRequest, response: NodeResponse | undefined, routeOf: () => string | undefined) {
    this.#request = request;
    this.#response = response;
    this.#routeOf = routeOf;
  }

  get method(): string {
    return this.#request.method ?? '';
  }

  get path(): string {
    const { originalUrl } = this.#request as Routed;
    const url = typeof originalUrl === 'string' ? originalUrl : (this.#request.url ?? '');
    return url.startsWith('/') ? url : withoutOrigin(url);
  }

  get host(): string | undefined {
    return this.requestHeader(':authority') ?? this.#request.headers.host;
  }

  get peer(): string | undefined {
    return this.#request.socket.remoteAddress;
  }

  requestHeader(name: string): string | undefined {
    return joined(this.#request.headers[name]);
  }

  responseHeader(name: string): string | undefined {
    const value = this.#response?.getHeader(name);
    return typeof value === 'number' ? String(value) : joined(value);
  }

  route(): string | undefined {
    return this.#routeOf();
  }
}

/** A request to a proxy names the whole URL (RFC 9112, 3.2.2). */
function withoutOrigin(url: string): string {
  const origin = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i.exec(url)?.[0] ?? '';
  return url.slice(origin.length) || '/';
}

function joined(value: string | readonly string[] | undefined): string | undefined {
  return value === undefined || typeof value === 'string' ? value : value.join(', ');
}
