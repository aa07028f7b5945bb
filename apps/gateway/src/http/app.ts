import { Hono } from 'hono';
import { clearHandlers } from '../admin/clear.js';
import { deliveryHandlers } from '../admin/delivery.js';
import { levelsHandlers } from '../admin/levels.js';
import { archiveHandlers } from '../archive/archive.js';
import { auditHandlers } from '../audit/audit.js';
import { runHandlers } from '../audit/runs.js';
import { addConsole } from '../console/console.js';
import { sessionHandlers } from '../console/session.js';
import { costHandlers } from '../cost/cost.js';
import { alertHandlers } from '../insight/alert-handlers.js';
import { analyticsHandlers } from '../insight/analytics-handlers.js';
import { groupHandlers } from '../insight/group-handlers.js';
import { archiveImportHandlers } from '../intake/archive-import.js';
import { ingestHandlers } from '../intake/ingest.js';
import { logTestHandlers } from '../intake/log-test.js';
import { streamHandlers } from '../live/stream.js';
import { entryHandlers } from '../logs/entry.js';
import { exportHandlers } from '../logs/export.js';
import { logsHandlers } from '../logs/logs.js';
import { lokiQueryHandlers } from '../loki/loki.js';
import { lokiIndexHandlers } from '../loki/loki-index.js';
import { lokiPushHandlers } from '../loki/push.js';
import { mcpHandlers } from '../mcp/mcp.js';
import { oauthHandlers } from '../oauth/oauth.js';
import { otlpHandlers } from '../otlp/otlp-logs.js';
import { otlpErrorReply } from '../otlp/otlp-reply.js';
import { searchesHandlers } from '../searches/searches.js';
import { deletionHandlers } from '../service-logs/deletion.js';
import { serviceLogHandlers } from '../service-logs/service-logs.js';
import { slowHandlers } from '../statistics/slow.js';
import { statisticsHandlers } from '../statistics/statistics.js';
import { authCheck } from './auth/auth.js';
import { hostCheck } from './auth/host-check.js';
import { hostList } from './auth/host-list.js';
import { originCheck } from './auth/origin-check.js';
import { createTokenCheck } from './auth/token-check.js';
import { createHeldBodies } from './body/held-bodies.js';
import type { Handlers } from './endpoints/handler.js';
import { addRoutes } from './endpoints/routes.js';
import { createErrorHandler } from './errors/error-reply.js';
import { RequestError } from './errors/request-error.js';
import { shownValue } from './errors/shown-value.js';
import type { GatewayDeps, GatewayEnv } from './gateway-env.js';
import { healthHandlers } from './health.js';
import { createLoadCheck } from './load-check.js';
import { createMetrics } from './metrics.js';
import { openApiHandlers } from './openapi/openapi.js';
import { createPageRoom } from './page-room.js';
import { pathCheck } from './path-check.js';
import { replyHeaders } from './reply-headers.js';

/** Makes the gateway's HTTP side. It does nothing until it is asked. */
export function createApp(deps: GatewayDeps): Hono<GatewayEnv> {
  const app = new Hono<GatewayEnv>();
  app.use(replyHeaders);
  app.use(hostCheck(hostList(deps.allowedHosts)));
  addConsole(app);
  app.use(originCheck(deps.allowedOrigins));
  app.use(pathCheck);
  const metrics = createMetrics(deps);
  app.use(metrics.count);
  const checkToken = createTokenCheck(deps);
  app.use(authCheck(deps, checkToken));
  const room = createPageRoom();
  const handlers: Handlers = {
    ...logsHandlers(deps, room),
    ...slowHandlers(deps, room),
    ...statisticsHandlers(deps),
    ...oauthHandlers(deps, room),
    ...auditHandlers(deps, room),
    ...runHandlers(deps),
    ...entryHandlers(deps),
    ...streamHandlers(deps),
    ...ingestHandlers(deps),
    ...serviceLogHandlers(deps, room),
    ...deletionHandlers(deps),
    ...clearHandlers(deps),
    ...logTestHandlers(deps),
    ...exportHandlers(deps),
    ...deliveryHandlers(deps),
    ...levelsHandlers(deps),
    ...searchesHandlers(deps),
    ...costHandlers(deps),
    ...archiveHandlers(deps),
    ...archiveImportHandlers(deps),
    ...otlpHandlers(deps),
    ...alertHandlers(deps),
    ...groupHandlers(deps),
    ...analyticsHandlers(deps),
    ...lokiPushHandlers(deps),
    ...lokiQueryHandlers(deps, room),
    ...lokiIndexHandlers(deps),
    ...mcpHandlers(deps, (request, env) => app.fetch(request, env)),
    ...sessionHandlers(deps, checkToken),
    ...healthHandlers(deps),
    ...metrics.handlers,
    ...openApiHandlers(deps),
  };
  addRoutes(app, handlers, {
    bodies: createHeldBodies(deps.maxHeldBodyBytes),
    withinLoad: createLoadCheck(deps),
  });
  app.notFound((c) => {
    throw new RequestError('not_found', `there is nothing at ${shownValue(c.req.path)}`);
  });
  app.onError(createErrorHandler({ ...deps, shapes: { '/v1/logs': otlpErrorReply } }));
  return app;
}
