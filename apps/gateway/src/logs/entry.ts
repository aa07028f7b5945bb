import type { EntryFound } from '@tailrace/api';
import { toEntryReply } from '@tailrace/schema';
import type { Hono } from 'hono';
import { RequestError } from '../http/errors/request-error.js';
import { shownValue } from '../http/errors/shown-value.js';
import type { GatewayDeps, GatewayEnv } from '../http/gateway-env.js';
import { noParameters, parseQuery } from '../http/query/query-parameters.js';

/** Adds `GET /logs/entry/{id}`. */
export function addEntryRoute(app: Hono<GatewayEnv>, { reader }: GatewayDeps): void {
  app.get('/logs/entry/:id', async (c) => {
    parseQuery(noParameters, c.req.url);
    const id = c.req.param('id');
    const entry = await reader.entry(id);
    if (entry === undefined) {
      throw new RequestError('not_found', `there is no entry ${shownValue(id)}; it may have expired`, 'id');
    }
    return c.json({ entry: toEntryReply(entry) } satisfies EntryFound);
  });
}
