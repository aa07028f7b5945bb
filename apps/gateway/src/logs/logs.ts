import { type LogQuery, type LogsReply, logQuerySchema } from '@tailrace/api';
import { encodeCursor, type FilterField, type TimeWindow, toEntryReply } from '@tailrace/schema';
import type { Hono } from 'hono';
import { RequestError } from '../http/errors/request-error.js';
import type { GatewayContext, GatewayDeps, GatewayEnv } from '../http/gateway-env.js';
import { type PathFilter, parseQuery } from '../http/query/query-parameters.js';
import { queryWindow } from '../http/query/query-window.js';
import { shownQuery } from '../http/query/shown-query.js';

/** The endpoints that reply with entries; `{value}` in the path is the filter `by`. */
const LOGS_ROUTES: readonly { path: string; by?: FilterField; needs?: FilterField; errorsOnly?: true }[] = [
  { path: '/logs' },
  { path: '/logs/search' },
  { path: '/logs/errors', errorsOnly: true },
  { path: '/logs/ip/:value', by: 'ip' },
  { path: '/logs/host/:value', by: 'fqdn' },
  { path: '/logs/proxy/:value', by: 'host' },
  { path: '/logs/user/:value', by: 'user' },
  { path: '/logs/session/:value', by: 'session' },
  { path: '/logs/client/:value', by: 'client' },
  { path: '/logs/trace/:value', by: 'trace' },
  { path: '/logs/method/:value', by: 'method' },
  { path: '/logs/status/:value', by: 'status' },
  { path: '/logs/path', needs: 'path' },
];

/** Adds every endpoint that finds entries. */
export function addLogsRoutes(app: Hono<GatewayEnv>, { reader, now = Date.now }: GatewayDeps): void {
  for (const { path, by, needs, errorsOnly = false } of LOGS_ROUTES) {
    app.get(path, async (c) => {
      const query = parseQuery(logQuerySchema, c.req.url, pathFilter(c, by));
      if (needs !== undefined && query[needs] === undefined) {
        throw new RequestError('invalid_parameter', `${needs} is missing; ${path} needs it`, needs);
      }
      const { hours: _hours, from: _from, to: _to, limit, cursor, ...filter } = query;
      const window = queryWindow(query, now());
      const request = { filter, window, limit, cursor, errorsOnly };
      const page = await reader.search(request, { signal: c.req.raw.signal });
      const reply: LogsReply = {
        query: understood(query, window, errorsOnly),
        logs: page.entries.map(toEntryReply),
        count: page.entries.length,
        total: page.total,
        next_cursor: page.nextCursor === null ? null : encodeCursor(page.nextCursor),
        partial: page.partial,
      };
      return c.json(reply);
    });
  }
}

function pathFilter(c: GatewayContext, field: FilterField | undefined): PathFilter | undefined {
  return field === undefined ? undefined : { field, value: c.req.param('value') ?? '' };
}

function understood(
  { cursor, ...query }: LogQuery,
  window: TimeWindow,
  errorsOnly: boolean,
): LogsReply['query'] {
  return {
    ...shownQuery(query, window),
    ...(errorsOnly && { errors_only: true }),
    ...(cursor && { cursor: encodeCursor(cursor) }),
  };
}
