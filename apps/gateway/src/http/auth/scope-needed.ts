import { ENDPOINT_LIST, type NamedEndpoint, type Scope } from '@tailrace/api';
import { matchedRoutes } from 'hono/route';
import { routePath } from '../endpoints/route-path.js';
import type { GatewayContext } from '../gateway-env.js';

/**
 * @returns the scope a request needs, `undefined` when it needs none. What is no endpoint needs one too, so that nobody
 * without a token learns what there is: GET reads, POST writes, all else is for admins.
 */
export function scopeNeeded(c: GatewayContext): Scope | undefined {
  const here = matchedRoutes(c).flatMap(({ path }) => BY_ROUTE.get(path) ?? []);
  const { method } = c.req;
  const endpoint = here.find((one) => one.method === (method === 'HEAD' ? 'GET' : method));
  if (endpoint !== undefined) return endpoint.scope === 'open' ? undefined : endpoint.scope;
  if (here.some(({ scope }) => scope === 'open')) return undefined;
  if (method === 'GET' || method === 'HEAD') return 'read';
  return method === 'POST' ? 'write' : 'admin';
}

const BY_ROUTE = endpointsByRoute();

function endpointsByRoute(): ReadonlyMap<string, readonly NamedEndpoint[]> {
  const routes = new Map<string, NamedEndpoint[]>();
  for (const endpoint of ENDPOINT_LIST) {
    const route = routePath(endpoint.path);
    routes.set(route, [...(routes.get(route) ?? []), endpoint]);
  }
  return routes;
}
