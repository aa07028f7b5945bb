import {
  type EventsReply,
  eventsQuerySchema,
  type HistogramReply,
  histogramQuerySchema,
  type StatsReply,
  statsQuerySchema,
  type TopReply,
  topQuerySchema,
} from '@tailrace/api';
import type { Coverage, Summary } from '@tailrace/query';
import type { Hono } from 'hono';
import type { GatewayDeps, GatewayEnv } from '../http/gateway-env.js';
import { parseQuery } from '../http/query/query-parameters.js';
import { queryWindow } from '../http/query/query-window.js';
import { shownQuery } from '../http/query/shown-query.js';

/** Adds `/logs/stats`, `/logs/events`, `/logs/top` and `/logs/histogram`. */
export function addStatisticsRoutes(
  app: Hono<GatewayEnv>,
  { statistics, now = Date.now }: GatewayDeps,
): void {
  app.get('/logs/stats', async (c) => {
    const query = parseQuery(statsQuerySchema, c.req.url);
    const { hours: _hours, from: _from, to: _to, ...filter } = query;
    const window = queryWindow(query, now());
    const summary = await statistics.summary({ filter, window }, { signal: c.req.raw.signal });
    return c.json({ query: shownQuery(query, window), ...shownSummary(summary) } satisfies StatsReply);
  });

  app.get('/logs/events', async (c) => {
    const query = parseQuery(eventsQuerySchema, c.req.url);
    const window = queryWindow(query, now());
    const events = [query.event ?? []].flat();
    const found = await statistics.events(window, events, { signal: c.req.raw.signal });
    const reply: EventsReply = {
      query: shownQuery(query, window),
      ...shownCoverage(found.coverage),
      events: [...found.totals]
        .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
        .map(([event, count]) => ({ event, count })),
      hours: found.hours.map(({ hour, counts }) => ({
        hour: new Date(hour).toISOString(),
        counts: Object.fromEntries(counts),
      })),
    };
    return c.json(reply);
  });

  app.get('/logs/top', async (c) => {
    const query = parseQuery(topQuerySchema, c.req.url);
    const { hours: _hours, from: _from, to: _to, by, limit, ...filter } = query;
    const window = queryWindow(query, now());
    const found = await statistics.top({ filter, window, by, limit }, { signal: c.req.raw.signal });
    const reply: TopReply = {
      query: shownQuery(query, window),
      ...shownCoverage(found.coverage),
      top: found.top.map(([value, count]) => ({ value, count })),
    };
    return c.json(reply);
  });

  app.get('/logs/histogram', async (c) => {
    const query = parseQuery(histogramQuerySchema, c.req.url);
    const { hours: _hours, from: _from, to: _to, buckets, split, ...filter } = query;
    const window = queryWindow(query, now());
    const request = { filter, window, buckets, split };
    const found = await statistics.histogram(request, { signal: c.req.raw.signal });
    const reply: HistogramReply = {
      query: shownQuery(query, window),
      ...shownCoverage(found.coverage),
      bucket_ms: found.bucketMs,
      total: found.buckets.reduce((sum, { count }) => sum + count, 0),
      buckets: found.buckets.map(({ from, count, by }) => ({
        from: new Date(from).toISOString(),
        count,
        by: Object.fromEntries(by),
      })),
    };
    return c.json(reply);
  });
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
