import { Hono } from 'hono';
import { addAccountRoutes } from './account-routes.js';
import { addAdminRoutes } from './admin-routes.js';
import type { DemoDeps, DemoEnv } from './demo-env.js';
import { logRequests } from './request-logging.js';
import { identifyCaller, Sessions } from './sessions.js';
import { addShopRoutes } from './shop-routes.js';
import { addVolumeRoutes } from './volume-routes.js';

/** A small shop with accounts, machines and reports, which logs as any application would. */
export function createDemoApp(deps: DemoDeps): Hono<DemoEnv> {
  const { log } = deps;
  const sessions = new Sessions();
  const app = new Hono<DemoEnv>();
  app.use(logRequests());
  app.use(identifyCaller(sessions));
  addShopRoutes(app, deps);
  addAccountRoutes(app, deps, sessions);
  addVolumeRoutes(app, deps);
  addAdminRoutes(app, deps);
  app.notFound((c) => c.json({ error: 'there is no such page' }, 404));
  app.onError((error, c) => {
    log.log_error(`${c.req.method} ${c.req.path} failed`, { ...c.var.fields, component: 'web', error });
    return c.json({ error: 'something went wrong here', request_id: c.var.requestId }, 500);
  });
  return app;
}
