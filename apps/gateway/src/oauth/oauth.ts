import type { Filter } from '@tailrace/schema';
import type { Handlers } from '../http/endpoints/handler.js';
import type { GatewayContext, GatewayDeps } from '../http/gateway-env.js';
import type { PageRoom } from '../http/page-room.js';
import { understandQuery } from '../http/query/understood-query.js';
import { replyFlows } from './flows-reply.js';
import { shownSummary } from './oauth-summary.js';

/** Flows `/logs/oauth/{ip}` counts; they are not shown one by one. */
const SUMMARIZED_FLOWS = 10_000;

/** What all queries for flows have. */
interface FlowsQuery {
  readonly limit: number;
  readonly abandoned_after_s: number;
}

/** Answers `/logs/oauth/{ip}`, `/logs/oauth-debug/{ip}`, `/logs/oauth-flow` and `/logs/oauth-user/{username}`. */
export function oauthHandlers({ oauthFlows, now = Date.now }: GatewayDeps, room: PageRoom) {
  return {
    'GET /logs/oauth/{ip}': async ({ c, query }) => {
      const { found, shown } = await find(c, query, { ip: query.ip }, SUMMARIZED_FLOWS);
      return { query: shown, ...shownSummary(found, query.limit) };
    },
    'GET /logs/oauth-debug/{ip}': ({ c, query }) => flows(c, query, { ip: query.ip }),
    'GET /logs/oauth-flow': ({ c, query }) =>
      flows(c, query, { client: query.client_id, user: query.username }),
    'GET /logs/oauth-user/{username}': ({ c, query }) => flows(c, query, { user: query.user }),
  } satisfies Partial<Handlers>;

  async function flows(c: GatewayContext, query: FlowsQuery, filter: Filter): Promise<Response> {
    const { found, shown } = await find(c, query, filter, query.limit);
    return replyFlows(c, shown, room, found);
  }

  async function find(c: GatewayContext, query: FlowsQuery, filter: Filter, limit: number) {
    const { window, shown } = understandQuery(query, now());
    const request = { filter, window, limit, abandonedAfterMs: query.abandoned_after_s * 1000 };
    return { found: await oauthFlows.find(request, { signal: c.req.raw.signal }), shown };
  }
}
