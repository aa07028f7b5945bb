import {
  errorReplySchema,
  eventsReplySchema,
  histogramReplySchema,
  logsReplySchema,
  statsReplySchema,
  timesReplySchema,
  topReplySchema,
} from '@tailrace/api';
import type { LogReader, SearchRequest, Statistics } from '@tailrace/query';
import type { Entry, Filter } from '@tailrace/schema';
import { describe, expect, test } from 'vitest';
import { createApp, type GatewayDeps } from '../index.js';

const NOW = Date.UTC(2024, 0, 15, 10, 30);
const HOUR_MS = 3_600_000;
const exact = { from: NOW - HOUR_MS, to: NOW, isExact: true };
const rounded = { from: NOW - 2 * HOUR_MS, to: NOW, isExact: false, note: 'counted by whole hours' };
const slow: Entry = {
  id: 'req:1:192.0.2.1:a',
  timestamp: NOW,
  kind: 'request',
  level: 'INFO',
  component: 'http',
  message: 'GET / 200',
};

/** An app over figures that stand here; it keeps what it was asked. */
function open(changes: Partial<GatewayDeps> = {}) {
  const asked: unknown[] = [];
  const answer =
    <Reply>(reply: Reply) =>
    async (...request: unknown[]) => {
      asked.push(...request.slice(0, -1));
      return reply;
    };
  const statistics: Statistics = {
    summary: answer({
      requests: {
        byStatus: new Map([
          ['500', 1],
          ['200', 3],
        ]),
        coverage: exact,
      },
      entries: { total: 7, byLevel: new Map([['INFO', 7]]), bytesSent: 99, coverage: rounded },
      responseTimes: { count: 4, p50: 1, p90: 2, p95: 3, p99: 4, coverage: exact },
      uniqueVisitors: { count: null, coverage: rounded },
    }),
    events: answer({
      hours: [{ hour: NOW - (NOW % HOUR_MS), counts: new Map([['b', 2]]) }],
      totals: new Map([
        ['a', 1],
        ['b', 2],
      ]),
      coverage: exact,
    }),
    facets: answer({ facets: { level: [{ value: 'INFO', count: 2 }] }, coverage: exact }),
    folded: async () => ({ host: 0, path: 0 }),
    top: answer({ top: [['GET:/', 5] as const], coverage: exact }),
    histogram: answer({
      bucketMs: HOUR_MS,
      buckets: [{ from: exact.from, count: 2, by: new Map([['2xx', 2]]) }],
      coverage: exact,
    }),
    times: answer({
      bucketMs: HOUR_MS,
      buckets: [{ from: exact.from, times: { count: 2, p50: 1, p90: 2, p95: 3, p99: 4 } }],
      coverage: rounded,
    }),
    slowest: answer({ entries: [slow], coverage: rounded }),
  };
  const reader: LogReader = {
    search: async (request: SearchRequest) => {
      asked.push(request);
      return {
        entries: [slow],
        total: null,
        nextCursor: { timestamp: 1, order: 0, id: 'a' },
        partial: false,
      };
    },
    entry: async () => undefined,
  };
  const deps = {
    reader,
    statistics,
    clear: async function* () {},
    closing: new AbortController().signal,
    allowedHosts: [],
    allowedOrigins: [],
    report: () => {},
    now: () => NOW,
    ...changes,
  };
  return { app: createApp(deps as unknown as GatewayDeps), asked };
}

const json = async (path: string) => (await open().app.request(path)).json();

describe('statistics', () => {
  test.each([
    ['/logs/stats?buckets=3', 'buckets', 'is no parameter here; allowed: hours, from, to,'],
    ['/logs/stats?from=2&to=1', 'from', 'must not be later than to'],
    ['/logs/stats?hours=1&from=0', 'hours', 'must not be given together with from'],
    ['/logs/stats?limit=1', 'limit', 'is no parameter here'],
    ['/logs/events?host=a', 'host', 'is no parameter here; allowed: hours, from, to, event'],
    ['/logs/top', 'by', 'must be one of path, ip, host, user'],
    ['/logs/top?by=colour', 'by', 'by is "colour": must be one of path, ip, host, user'],
    ['/logs/top?by=ip&limit=101', 'limit', 'must be at most 100'],
    ['/logs/histogram?buckets=0', 'buckets', 'must be at least 1'],
    ['/logs/histogram?buckets=501', 'buckets', 'must be at most 500'],
    ['/logs/histogram?split=host', 'split', 'must be one of none, status, level'],
    ['/logs/times?buckets=201', 'buckets', 'must be at most 200'],
    ['/logs/facets?fields=data.', 'fields', 'must be some of level'],
    ['/logs/facets?fields=toString', 'fields', 'must be some of level'],
    [`/logs/facets?fields=${Array(25).fill('level')}`, 'fields', 'must be at most 24'],
    ['/logs/slow?threshold=-1', 'threshold', 'must be at least 0'],
    ['/logs/slow?threshold=slow', 'threshold', 'must be a number of milliseconds'],
    ['/logs/slow?min_ms=1', 'min_ms', 'is no parameter here'],
    ['/logs/path', 'path', 'path is missing; /logs/path needs it'],
    ['/logs/slow?order=slowest&cursor=MSAwIGE', 'cursor', 'must not be given with order slowest'],
  ])('%s is a 400 about %s', async (path, field, message) => {
    const { app, asked } = open();
    const response = await app.request(path);
    const { error } = errorReplySchema.parse(await response.json());
    expect({ status: response.status, field: error.field }).toEqual({ status: 400, field });
    expect(error.message).toContain(message);
    expect(asked).toEqual([]);
  });

  test('/logs/stats replies figures with what they cover', async () => {
    const { app, asked } = open();
    const reply = statsReplySchema.parse(
      await (await app.request('/logs/stats?hours=1&host=A.example')).json(),
    );
    expect(asked).toEqual([{ filter: { host: 'a.example' }, window: { from: NOW - HOUR_MS, to: NOW } }]);
    expect(reply).toMatchObject({
      query: { host: 'a.example', from: '2024-01-15T09:30:00.000Z', to: '2024-01-15T10:30:00.000Z' },
      requests: {
        exact: true,
        note: null,
        total: 4,
        per_second: 4 / 3600,
        errors: 1,
        error_rate: 0.25,
        by_status: { '200': 3, '500': 1 },
      },
      entries: {
        from: '2024-01-15T08:30:00.000Z',
        exact: false,
        note: 'counted by whole hours',
        total: 7,
        by_level: { INFO: 7 },
        bytes_sent: 99,
      },
      response_times: { count: 4, p50_ms: 1, p90_ms: 2, p95_ms: 3, p99_ms: 4 },
      unique_visitors: { count: null, note: 'counted by whole hours' },
    });
  });

  test('/logs/stats shows a status as it was understood', async () => {
    expect(await json('/logs/stats?status=4xx')).toMatchObject({ query: { status: '400-499' } });
  });

  test('/logs/events replies events by count and by hour', async () => {
    expect(eventsReplySchema.parse(await json('/logs/events?event=b'))).toMatchObject({
      query: { event: 'b' },
      exact: true,
      events: [
        { event: 'b', count: 2 },
        { event: 'a', count: 1 },
      ],
      hours: [{ hour: '2024-01-15T10:00:00.000Z', counts: { b: 2 } }],
    });
  });

  test('/logs/top replies values by count', async () => {
    const { app, asked } = open();
    const reply = await (await app.request('/logs/top?by=path&status=2xx')).json();
    expect(topReplySchema.parse(reply).top).toEqual([{ value: 'GET:/', count: 5 }]);
    expect(asked).toMatchObject([{ by: 'path', limit: 10, filter: { status: { from: 200, to: 299 } } }]);
  });

  test('/logs/histogram replies buckets', async () => {
    expect(histogramReplySchema.parse(await json('/logs/histogram?buckets=1&split=status'))).toMatchObject({
      bucket_ms: HOUR_MS,
      total: 2,
      buckets: [{ from: '2024-01-15T09:30:00.000Z', count: 2, by: { '2xx': 2 } }],
    });
  });

  test('/logs/times replies p50 and p95 of buckets', async () => {
    const { app, asked } = open();
    const reply = timesReplySchema.parse(await (await app.request('/logs/times?buckets=1&host=a')).json());
    expect(reply).toMatchObject({
      bucket_ms: HOUR_MS,
      exact: false,
      buckets: [{ from: '2024-01-15T09:30:00.000Z', count: 2, p50_ms: 1, p95_ms: 3 }],
    });
    expect(asked).toMatchObject([{ buckets: 1, filter: { host: 'a' } }]);
  });

  test('/logs/facets counts fields, patterns and any field of data', async () => {
    const { app, asked } = open();
    await app.request('/logs/facets?fields=level,pattern,data.order.plan');
    expect(asked).toMatchObject([{ fields: ['level', 'pattern', 'data.order.plan'] }]);
  });

  test.each([
    ['/logs/method/get', { method: 'GET' }],
    ['/logs/status/4xx', { status: { from: 400, to: 499 } }],
    ['/logs/path?path=/users/*', { path: '/users/*' }],
  ])('%s is the filter %o', async (path, filter) => {
    const { app, asked } = open();
    await app.request(path);
    expect(asked).toMatchObject([{ filter }]);
  });

  test('/logs/slow finds what is slower than the threshold, not as slow', async () => {
    for (const [threshold, isFound] of [
      ['1000', (ms: number) => ms > 1000],
      ['0', (ms: number) => ms > 0],
    ] as const) {
      const { app, asked } = open();
      const reply = logsReplySchema.parse(
        await (await app.request(`/logs/slow?threshold=${threshold}`)).json(),
      );
      expect(reply.next_cursor).not.toBeNull();
      const { filter, limit } = asked[0] as SearchRequest;
      expect(limit).toBe(100);
      for (const ms of [0, 0.001, 999, 1000, 1000.001, 1001]) {
        expect(ms >= ((filter as Filter).min_ms ?? 0)).toBe(isFound(ms));
      }
    }
  });

  test('/logs/slow?order=slowest is one page, and says when not all was looked at', async () => {
    const reply = logsReplySchema.parse(await json('/logs/slow?order=slowest'));
    expect(reply).toMatchObject({ count: 1, next_cursor: null, partial: true });
  });
});
