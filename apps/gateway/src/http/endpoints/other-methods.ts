import { ENDPOINT_LIST } from '@tailrace/api';
import type { Hono } from 'hono';
import { RequestError } from '../errors/request-error.js';
import type { GatewayEnv } from '../gateway-env.js';
import { routePath } from './route-path.js';

/** Answers every method that no endpoint has on its path with 405 and what is allowed. */
export function refuseOtherMethods(app: Hono<GatewayEnv>): void {
  for (const [path, methods] of methodsByPath()) {
    const list = [...methods].join(', ');
    app.all(routePath(path), (c) => {
      c.header('allow', list);
      throw new RequestError('method_not_allowed', `${c.req.method} is not possible here; allowed: ${list}`);
    });
  }
}

/** HEAD works wherever GET does. */
function methodsByPath(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { path, method } of ENDPOINT_LIST) {
    const methods = found.get(path) ?? new Set();
    found.set(path, methods.add(method));
    if (method === 'GET') methods.add('HEAD');
  }
  return found;
}
