import { Hono } from 'hono';
import { refuseOtherMethods } from './allowed-methods.js';
import { authCheck } from './auth.js';
import { addClearRoute } from './clear.js';
import { addDeliveryRoute } from './delivery.js';
import { addEntryRoute } from './entry.js';
import { createErrorHandler } from './error-reply.js';
import { addExportRoute } from './export.js';
import type { GatewayDeps, GatewayEnv } from './gateway-env.js';
import { addHealthRoutes } from './health.js';
import { hostCheck } from './host-check.js';
import { addIngestRoute } from './ingest.js';
import { addLevelsRoutes } from './levels.js';
import { addLogTestRoute } from './log-test.js';
import { addLogsRoutes } from './logs.js';
import { createMetrics } from './metrics.js';
import { addOAuthRoutes } from './oauth.js';
import { addOpenApiRoutes } from './openapi.js';
import { pathCheck } from './path-check.js';
import { replyHeaders } from './reply-headers.js';
import { RequestError } from './request-error.js';
import { shownValue } from './shown-value.js';
import { addSlowRoute } from './slow.js';
import { addStatisticsRoutes } from './statistics.js';
import { addStreamRoute } from './stream.js';

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
