import type { GatewayContext } from '../http/gateway-env.js';

/** A reply of one of the gateway's own endpoints: JSON, and whether it is an error. */
export interface OwnReply {
  readonly status: number;
  readonly reply: unknown;
}

/** Asks an endpoint of this gateway as whoever asks MCP: with its rights, its bounds and its connection. */
export type AskGateway = (path: string, query: Query) => Promise<OwnReply>;

/** Query parameters; `undefined` is left out, a list is a parameter for each. */
export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** Answers a request, as the gateway does. */
export type Answer = (request: Request, env: GatewayContext['env']) => Response | Promise<Response>;

/** Headers that say who asks, and how they came here. */
const PASSED = ['authorization', 'cookie', 'host', 'origin', 'x-forwarded-for', 'sec-fetch-site'];

/** @param c the request for MCP */
export function askGateway(c: GatewayContext, answer: Answer): AskGateway {
  return async (path, query) => {
    const url = new URL(path, c.req.url);
    for (const [name, value] of Object.entries(query)) {
      for (const one of [value ?? []].flat()) url.searchParams.append(name, String(one));
    }
    const headers = new Headers();
    for (const name of PASSED) {
      const value = c.req.header(name);
      if (value !== undefined) headers.set(name, value);
    }
    const response = await answer(new Request(url, { headers, signal: c.req.raw.signal }), c.env);
    return { status: response.status, reply: await response.json() };
  };
}
