import { Hono } from 'hono';
import { addClearRoute } from '../admin/clear.js';
import { addDeliveryRoute } from '../admin/delivery.js';
import { addLevelsRoutes } from '../admin/levels.js';
import { addIngestRoute } from '../intake/ingest.js';
import { addLogTestRoute } from '../intake/log-test.js';
import { addStreamRoute } from '../live/stream.js';
import { addEntryRoute } from '../logs/entry.js';
import { addExportRoute } from '../logs/export.js';
import { addLogsRoutes } from '../logs/logs.js';
import { addOAuthRoutes } from '../oauth/oauth.js';
import { addSlowRoute } from '../statistics/slow.js';
import { addStatisticsRoutes } from '../statistics/statistics.js';
import { refuseOtherMethods } from './allowed-methods.js';
import { authCheck } from './auth/auth.js';
import { createErrorHandler } from './errors/error-reply.js';
import { RequestError } from './errors/request-error.js';
import { shownValue } from './errors/shown-value.js';
import type { GatewayDeps, GatewayEnv } from './gateway-env.js';
import { addHealthRoutes } from './health.js';
import { hostCheck } from './host-check.js';
import { createMetrics } from './metrics.js';
import { addOpenApiRoutes } from './openapi/openapi.js';
import { pathCheck } from './path-check.js';
import { replyHeaders } from './reply-headers.js';

/** Makes the gateway's HTTP side. It does nothing until it is asked. */
export function createApp(deps: GatewayDeps): Hono<GatewayEnv> {
  const app = new Hono<GatewayEnv>();
  app.use(replyHeaders);
  if (deps.loopbackOnly) app.use(hostCheck);
  app.use(pathCheck);
  const metrics = createMetrics(deps);
  app.use(metrics.count);
  app.use(authCheck(deps));
  addLogsRoutes(app, deps);
  addSlowRoute(app, deps);
  addStatisticsRoutes(app, deps);
  addOAuthRoutes(app, deps);
  addEntryRoute(app, deps);
  addStreamRoute(app, deps);
  addIngestRoute(app, deps);
  addClearRoute(app, deps);
  addLogTestRoute(app, deps);
  addExportRoute(app, deps);
  addDeliveryRoute(app, deps);
  addLevelsRoutes(app, deps);
  addHealthRoutes(app, deps);
  app.get('/metrics', metrics.show);
  addOpenApiRoutes(app, deps);
  refuseOtherMethods(app);
  app.notFound((c) => {
    throw new RequestError('not_found', `there is nothing at ${shownValue(c.req.path)}`);
  });
  app.onError(createErrorHandler(deps));
  return app;
}
