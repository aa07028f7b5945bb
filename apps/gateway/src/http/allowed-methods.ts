import type { Hono } from 'hono';
import { RequestError } from './errors/request-error.js';
import type { GatewayEnv } from './gateway-env.js';

/** Answers every other method on the paths the app has so far with 405 and what is allowed. */
export function refuseOtherMethods(app: Hono<GatewayEnv>): void {
  const methods = new Map<string, Set<string>>();
  for (const { path, method } of app.routes) {
    if (method === 'ALL') continue;
    const allowed = methods.get(path) ?? new Set();
    methods.set(path, allowed.add(method));
    if (method === 'GET') allowed.add('HEAD');
  }
  for (const [path, allowed] of methods) {
    const list = [...allowed].join(', ');
    app.all(path, (c) => {
      c.header('allow', list);
      throw new RequestError('method_not_allowed', `${c.req.method} is not possible here; allowed: ${list}`);
    });
  }
}
