import type { DeliveryReply } from '@tailrace/api';
import type { DeliveryReport } from '@tailrace/query';
import type { Hono } from 'hono';
import type { GatewayDeps, GatewayEnv } from '../http/gateway-env.js';
import { noParameters, parseQuery } from '../http/query/query-parameters.js';

/** Adds `GET /logs/delivery`: what became of the entries of every writer of the last 7 days. */
export function addDeliveryRoute(app: Hono<GatewayEnv>, { delivery }: Pick<GatewayDeps, 'delivery'>): void {
  app.get('/logs/delivery', async (c) => {
    parseQuery(noParameters, c.req.url);
    return c.json(shownDelivery(await delivery()));
  });
}

function shownDelivery({ writers, totals, count }: DeliveryReport): DeliveryReply {
  return {
    writers: writers.map(({ id, host, pid, started, lastSeen, ...account }) => ({
      id,
      host,
      pid,
      started: started === null ? null : timeText(started),
      last_seen: timeText(lastSeen),
      ...account,
    })),
    totals: { writers: count, ...totals },
    partial: count > writers.length,
  };
}

function timeText(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
