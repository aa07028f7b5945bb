import { type LogsReply, slowQuerySchema } from '@tailrace/api';
import { encodeCursor, toEntryReply } from '@tailrace/schema';
import type { Hono } from 'hono';
import type { GatewayDeps, GatewayEnv } from '../http/gateway-env.js';
import { parseQuery } from '../http/query/query-parameters.js';
import { queryWindow } from '../http/query/query-window.js';
import { shownQuery } from '../http/query/shown-query.js';

/** Adds `/logs/slow`: what took longer than a threshold, the newest of it or the slowest. */
export function addSlowRoute(
  app: Hono<GatewayEnv>,
  { reader, statistics, now = Date.now }: GatewayDeps,
): void {
  app.get('/logs/slow', async (c) => {
    const query = parseQuery(slowQuerySchema, c.req.url);
    const { hours: _hours, from: _from, to: _to, threshold, order, limit, cursor, ...others } = query;
    const window = queryWindow(query, now());
    const filter = { ...others, min_ms: justAbove(threshold) };
    const signal = c.req.raw.signal;
    const shown = shownQuery(
      { ...query, ...(cursor !== undefined && { cursor: encodeCursor(cursor) }) },
      window,
    );
    if (order === 'slowest') {
      const { entries, coverage } = await statistics.slowest({ filter, window, limit }, { signal });
      const reply: LogsReply = {
        query: shown,
        logs: entries.map(toEntryReply),
        count: entries.length,
        total: null,
        next_cursor: null,
        partial: !coverage.isExact,
      };
      return c.json(reply);
    }
    const page = await reader.search({ filter, window, limit, cursor }, { signal });
    const reply: LogsReply = {
      query: shown,
      logs: page.entries.map(toEntryReply),
      count: page.entries.length,
      total: page.total,
      next_cursor: page.nextCursor === null ? null : encodeCursor(page.nextCursor),
      partial: page.partial,
    };
    return c.json(reply);
  });
}

/** Slower than the threshold, not as slow: the next number there is, as filters include their bound. */
function justAbove(milliseconds: number): number {
  return milliseconds === 0 ? Number.MIN_VALUE : milliseconds * (1 + Number.EPSILON);
}
