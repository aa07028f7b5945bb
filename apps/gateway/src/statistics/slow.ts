import type { Handlers } from '../http/endpoints/handler.js';
import type { GatewayDeps } from '../http/gateway-env.js';
import type { PageRoom } from '../http/page-room.js';
import { understandQuery } from '../http/query/understood-query.js';
import { fitting, replyLogs } from '../logs/logs-reply.js';

/** Answers `/logs/slow`: what took longer than a threshold, the newest of it or the slowest. */
export function slowHandlers({ reader, statistics, now = Date.now }: GatewayDeps, room: PageRoom) {
  return {
    'GET /logs/slow': async ({ c, query }) => {
      const understood = understandQuery(query, now());
      const { window, limit, cursor, shown } = understood;
      const { threshold, order, ...others } = understood.filter;
      const filter = { ...others, min_ms: justAbove(threshold) };
      const { signal } = c.req.raw;
      return replyLogs(c, shown, room, async (hasRoom) => {
        if (order === 'time') return reader.search({ filter, window, limit, cursor, hasRoom }, { signal });
        const { entries, coverage } = await statistics.slowest({ filter, window, limit }, { signal });
        const shownFirst = fitting(entries, hasRoom);
        const partial = !coverage.isExact || shownFirst.length < entries.length;
        return { entries: shownFirst, total: null, nextCursor: null, partial };
      });
    },
  } satisfies Partial<Handlers>;
}

/** Slower than the threshold, not as slow: the next number there is, as filters include their bound. */
function justAbove(milliseconds: number): number {
  return milliseconds === 0 ? Number.MIN_VALUE : milliseconds * (1 + Number.EPSILON);
}
