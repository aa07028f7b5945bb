import { ENDPOINT_LIST, type EndpointName, type NamedEndpoint } from '@tailrace/api';
import type { Hono } from 'hono';
import { readItems } from '../body/body-items.js';
import type { HeldBodies, HeldBody } from '../body/held-bodies.js';
import { readJsonBody } from '../body/json-body.js';
import { isText } from '../body/media-type.js';
import { RequestError } from '../errors/request-error.js';
import type { GatewayContext, GatewayEnv } from '../gateway-env.js';
import type { LoadCheck } from '../load-check.js';
import { parseQuery } from '../query/query-parameters.js';
import type { EndpointCall, Handlers } from './handler.js';
import { refuseOtherMethods } from './other-methods.js';
import { routePath } from './route-path.js';

/** Adds a route for each endpoint of the table, and a 405 for every other method on their paths. */
export function addRoutes(
  app: Hono<GatewayEnv>,
  handlers: Handlers,
  { bodies, withinLoad }: { readonly bodies: HeldBodies; readonly withinLoad: LoadCheck },
): void {
  for (const endpoint of ENDPOINT_LIST) {
    const handler = handlers[endpoint.name] as (call: EndpointCall<EndpointName>) => unknown;
    app.on(endpoint.method, routePath(endpoint.path), async (c) => {
      const held = bodies.hold();
      try {
        const call = await readCall(endpoint, c, held);
        const reply = await withinLoad(c, endpoint.load, async () => handler(call));
        return reply instanceof Response ? reply : c.json(reply as object);
      } finally {
        held.release();
      }
    });
  }
  refuseOtherMethods(app);
}

/** @throws RequestError when the request is not as its endpoint says. */
async function readCall(
  endpoint: NamedEndpoint,
  c: GatewayContext,
  held: HeldBody,
): Promise<EndpointCall<EndpointName>> {
  const path: Readonly<Record<string, string>> = c.req.param();
  const query = readQuery(endpoint, c.req.url, Object.values(path)[0]);
  const { body: kind } = endpoint;
  if (kind?.lines !== undefined && isText(c.req.raw)) {
    const text = await held.read(c.req.raw);
    return { c, query, path, body: [], text, isList: true } as unknown as EndpointCall<EndpointName>;
  }
  const given = kind === undefined ? undefined : await readJsonBody(c.req.raw, held);
  const body = kind === undefined ? undefined : await readItems(kind, given);
  return { c, query, path, body, isList: Array.isArray(given) } as EndpointCall<EndpointName>;
}

function readQuery(
  { query: schema, pathFilter, needs, path }: NamedEndpoint,
  url: string,
  value = '',
): object {
  if (schema === undefined) return {};
  const query = parseQuery(schema, url, pathFilter && { field: pathFilter, value });
  if (needs === undefined || query[needs] !== undefined) return query;
  throw new RequestError('invalid_parameter', `${needs} is missing; ${path} needs it`, needs);
}
