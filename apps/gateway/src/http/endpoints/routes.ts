import {
  ENDPOINT_LIST,
  type EndpointBodyKind,
  type EndpointName,
  type ForeignBodyKind,
  type NamedEndpoint,
} from '@tailrace/api';
import type { Hono } from 'hono';
import { readItems } from '../body/body-items.js';
import type { HeldBodies, HeldBody } from '../body/held-bodies.js';
import { readJsonBody } from '../body/json-body.js';
import { createJsonScan } from '../body/json-scan.js';
import { isNdjson, isText, mediaTypeOf, requireType } from '../body/media-type.js';
import { readNdjsonBody } from '../body/ndjson-body.js';
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
    const bytes = await held.read(c.req.raw);
    return { c, query, path, body: [], bytes, isList: true } as unknown as EndpointCall<EndpointName>;
  }
  if (endpoint.foreign !== undefined) {
    const bytes = await readForeignBody(endpoint.foreign, c.req.raw, held);
    return { c, query, path, body: undefined, bytes, isList: false } as unknown as EndpointCall<EndpointName>;
  }
  const given = kind === undefined ? undefined : await readGiven(kind, c.req.raw, held);
  const body = kind === undefined ? undefined : await readItems(kind, given);
  return { c, query, path, body, isList: Array.isArray(given) } as EndpointCall<EndpointName>;
}

function readGiven({ ndjson }: EndpointBodyKind, request: Request, held: HeldBody): Promise<unknown> {
  return ndjson && isNdjson(request) ? readNdjsonBody(request, held) : readJsonBody(request, held);
}

/** Values of a body of JSON that is of another protocol; OTLP takes four or five for an attribute. */
const MAX_FOREIGN_VALUES = 1_000_000;

/** Reads a body whose handler understands it. JSON is bounded before anything parses it. */
function readForeignBody({ types }: ForeignBodyKind, request: Request, held: HeldBody): Promise<Buffer> {
  requireType(request, types);
  const isJson = mediaTypeOf(request) === 'application/json';
  const bounds = { maxValues: MAX_FOREIGN_VALUES, maxItemValues: MAX_FOREIGN_VALUES };
  return held.read(request, isJson ? createJsonScan(bounds) : undefined);
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
