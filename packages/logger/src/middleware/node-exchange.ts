import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { readMember } from '@tailrace/writer';
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

/** A request and its response on Node's server. Nothing of it throws, whatever stands in for them. */
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
    const method = readMember(this.#request, 'method');
    return typeof method === 'string' ? method : '';
  }

  get path(): string {
    const url = textOr(readMember(this.#request as Routed, 'originalUrl'), readMember(this.#request, 'url'));
    return url.startsWith('/') ? url : withoutOrigin(url);
  }

  get host(): string | undefined {
    return this.requestHeader(':authority') ?? this.requestHeader('host');
  }

  get peer(): string | undefined {
    const address = readMember(readMember(this.#request, 'socket'), 'remoteAddress');
    return typeof address === 'string' ? address : undefined;
  }

  requestHeader(name: string): string | undefined {
    return joined(readMember(readMember(this.#request, 'headers'), name));
  }

  responseHeader(name: string): string | undefined {
    try {
      return joined(this.#response?.getHeader(name));
    } catch {
      return undefined;
    }
  }

  route(): string | undefined {
    try {
      return this.#routeOf();
    } catch {
      return undefined;
    }
  }
}

/** A request to a proxy names the whole URL (RFC 9112, 3.2.2). */
function withoutOrigin(url: string): string {
  const origin = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i.exec(url)?.[0] ?? '';
  return url.slice(origin.length) || '/';
}

function textOr(text: unknown, otherwise: unknown): string {
  if (typeof text === 'string') return text;
  return typeof otherwise === 'string' ? otherwise : '';
}

function joined(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string').join(', ') : undefined;
}
