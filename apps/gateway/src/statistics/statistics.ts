import type { Coverage, Summary } from '@tailrace/query';
import type { Handler, Handlers } from '../http/endpoints/handler.js';
import type { GatewayDeps } from '../http/gateway-env.js';
import { understandQuery } from '../http/query/understood-query.js';

/** Answers `/logs/stats`, `/logs/events`, `/logs/top` and `/logs/histogram`. */
export function statisticsHandlers({ statistics, now = Date.now }: GatewayDeps) {
  const stats: Handler<'GET /logs/stats'> = async ({ c, query }) => {
    const { filter, window, shown } = understandQuery(query, now());
    const summary = await statistics.summary({ filter, window }, { signal: c.req.raw.signal });
    return { query: shown, ...shownSummary(summary) };
  };
  return {
    'GET /logs/stats': stats,

    'GET /logs/events': async ({ c, query }) => {
      const { filter, window, shown } = understandQuery(query, now());
      const events = [filter.event ?? []].flat();
      const found = await statistics.events(window, events, { signal: c.req.raw.signal });
      return {
        query: shown,
        ...shownCoverage(found.coverage),
        events: [...found.totals]
          .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
          .map(([event, count]) => ({ event, count })),
        hours: found.hours.map(({ hour, counts }) => ({
          hour: new Date(hour).toISOString(),
          counts: Object.fromEntries(counts),
        })),
      };
    },

    'GET /logs/top': async ({ c, query }) => {
      const understood = understandQuery(query, now());
      const { window, limit, shown } = understood;
      const { by, ...filter } = understood.filter;
      const found = await statistics.top({ filter, window, by, limit }, { signal: c.req.raw.signal });
      return {
        query: shown,
        ...shownCoverage(found.coverage),
        top: found.top.map(([value, count]) => ({ value, count })),
      };
    },

    'GET /logs/histogram': async ({ c, query }) => {
      const understood = understandQuery(query, now());
      const { window, shown } = understood;
      const { buckets, split, ...filter } = understood.filter;
      const request = { filter, window, buckets, split };
      const found = await statistics.histogram(request, { signal: c.req.raw.signal });
      return {
        query: shown,
        ...shownCoverage(found.coverage),
        bucket_ms: found.bucketMs,
        total: found.buckets.reduce((sum, { count }) => sum + count, 0),
        buckets: found.buckets.map(({ from, count, by }) => ({
          from: new Date(from).toISOString(),
          count,
          by: Object.fromEntries(by),
        })),
      };
    },

    'GET /logs/times': async ({ c, query }) => {
      const understood = understandQuery(query, now());
      const { window, shown } = understood;
      const { buckets, ...filter } = understood.filter;
      const found = await statistics.times({ filter, window, buckets }, { signal: c.req.raw.signal });
      return {
        query: shown,
        ...shownCoverage(found.coverage),
        bucket_ms: found.bucketMs,
        buckets: found.buckets.map(({ from, times: { count, p50, p95 } }) => ({
          from: new Date(from).toISOString(),
          count,
          p50_ms: p50,
          p95_ms: p95,
        })),
      };
    },

    'GET /logs/facets': async ({ c, query }) => {
      const understood = understandQuery(query, now());
      const { window, limit, shown } = understood;
      const { fields, ...filter } = understood.filter;
      const found = await statistics.facets({ filter, window, fields, limit }, { signal: c.req.raw.signal });
      return {
        query: shown,
        ...shownCoverage(found.coverage),
        facets: Object.fromEntries(
          Object.entries(found.facets).map(([field, values]) => [field, [...values]]),
        ),
      };
    },
  } satisfies Partial<Handlers>;
}

function shownSummary({ requests, entries, responseTimes, uniqueVisitors }: Summary) {
  const counted = [...requests.byStatus];
  const total = sum(counted);
  const errors = sum(counted.filter(([status]) => Number(status) >= 400));
  return {
    requests: {
      ...shownCoverage(requests.coverage),
      total,
      per_second: total / secondsOf(requests.coverage),
      errors,
      error_rate: total === 0 ? null : errors / total,
      by_status: Object.fromEntries(counted.sort(([a], [b]) => Number(a) - Number(b))),
    },
    entries: {
      ...shownCoverage(entries.coverage),
      total: entries.total,
      by_level: Object.fromEntries(entries.byLevel),
      bytes_sent: entries.bytesSent,
    },
    response_times: {
      ...shownCoverage(responseTimes.coverage),
      count: responseTimes.count,
      p50_ms: responseTimes.p50,
      p90_ms: responseTimes.p90,
      p95_ms: responseTimes.p95,
      p99_ms: responseTimes.p99,
    },
    unique_visitors: { ...shownCoverage(uniqueVisitors.coverage), count: uniqueVisitors.count },
  };
}

/** Coverage as every reply with figures shows it. */
function shownCoverage({ from, to, isExact, note }: Coverage) {
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    exact: isExact,
    note: note ?? null,
  };
}

function secondsOf({ from, to }: Coverage): number {
  return Math.max(to - from, 1) / 1000;
}

function sum(counts: readonly (readonly [string, number])[]): number {
  return counts.reduce((total, [, count]) => total + count, 0);
}
