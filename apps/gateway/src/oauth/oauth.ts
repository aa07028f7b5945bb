import {
  type OAuthFlowsReply,
  oauthFlowQuerySchema,
  oauthIpQuerySchema,
  oauthUserQuerySchema,
} from '@tailrace/api';
import type { FlowsRequest, FoundFlows } from '@tailrace/query';
import type { Filter, TimeWindow } from '@tailrace/schema';
import type { Hono } from 'hono';
import type { GatewayDeps, GatewayEnv } from '../http/gateway-env.js';
import { parseQuery } from '../http/query/query-parameters.js';
import { queryWindow } from '../http/query/query-window.js';
import { shownQuery } from '../http/query/shown-query.js';
import { shownFlow } from './oauth-flow.js';
import { shownSummary } from './oauth-summary.js';

/** Flows `/logs/oauth/{ip}` counts; they are not shown one by one. */
const SUMMARIZED_FLOWS = 10_000;

/** Adds `/logs/oauth/{ip}`, `/logs/oauth-debug/{ip}`, `/logs/oauth-flow` and `/logs/oauth-user/{username}`. */
export function addOAuthRoutes(app: Hono<GatewayEnv>, { oauthFlows, now = Date.now }: GatewayDeps): void {
  app.get('/logs/oauth/:value', async (c) => {
    const query = parseQuery(oauthIpQuerySchema, c.req.url, { field: 'ip', value: c.req.param('value') });
    const window = queryWindow(query, now());
    const request = { ...requestOf(query, { ip: query.ip }, window), limit: SUMMARIZED_FLOWS };
    const found = await oauthFlows.find(request, { signal: c.req.raw.signal });
    return c.json({ query: shownQuery(query, window), ...shownSummary(found, query.limit) });
  });

  app.get('/logs/oauth-debug/:value', async (c) => {
    const query = parseQuery(oauthIpQuerySchema, c.req.url, { field: 'ip', value: c.req.param('value') });
    const window = queryWindow(query, now());
    const request = requestOf(query, { ip: query.ip }, window);
    return c.json(shownFlows(query, window, await oauthFlows.find(request, { signal: c.req.raw.signal })));
  });

  app.get('/logs/oauth-flow', async (c) => {
    const query = parseQuery(oauthFlowQuerySchema, c.req.url);
    const window = queryWindow(query, now());
    const request = requestOf(query, { client: query.client_id, user: query.username }, window);
    return c.json(shownFlows(query, window, await oauthFlows.find(request, { signal: c.req.raw.signal })));
  });

  app.get('/logs/oauth-user/:value', async (c) => {
    const query = parseQuery(oauthUserQuerySchema, c.req.url, {
      field: 'user',
      value: c.req.param('value'),
    });
    const window = queryWindow(query, now());
    const request = requestOf(query, { user: query.user }, window);
    return c.json(shownFlows(query, window, await oauthFlows.find(request, { signal: c.req.raw.signal })));
  });
}

function requestOf(
  { limit, abandoned_after_s: seconds }: { readonly limit: number; readonly abandoned_after_s: number },
  filter: Filter,
  window: TimeWindow,
): FlowsRequest {
  return { filter, window, limit, abandonedAfterMs: seconds * 1000 };
}

function shownFlows(
  query: Readonly<Record<string, unknown>>,
  window: TimeWindow,
  { flows, partial }: FoundFlows,
): OAuthFlowsReply {
  return { query: shownQuery(query, window), flows: flows.map(shownFlow), count: flows.length, partial };
}
