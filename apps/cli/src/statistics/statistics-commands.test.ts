import { describe, expect, test } from 'vitest';
import { fakeEntry, replyJson, startFakeGateway } from '../testing/fake-gateway.js';
import { run } from '../testing/run.js';

const exact = { from: '2024-01-15T09:30:00.000Z', to: '2024-01-15T10:30:00.000Z', exact: true, note: null };
const rounded = { ...exact, from: '2024-01-15T09:00:00.000Z', exact: false, note: 'counted by whole hours' };
const query = { from: exact.from, to: exact.to };

const REPLIES: Record<string, unknown> = {
  '/logs/stats': {
    query,
    requests: {
      ...exact,
      total: 1200,
      per_second: 0.333,
      errors: 12,
      error_rate: 0.01,
      by_status: { 200: 1188, 503: 12 },
    },
    entries: { ...rounded, total: 1300, by_level: { INFO: 1288, ERROR: 12 }, bytes_sent: 1_500_000 },
    response_times: { ...exact, count: 1200, p50_ms: 12, p90_ms: 45, p95_ms: 80, p99_ms: 1200 },
    unique_visitors: { ...rounded, count: null },
  },
  '/logs/histogram': {
    query,
    ...exact,
    bucket_ms: 1_800_000,
    total: 1200,
    buckets: [
      { from: exact.from, count: 1000, by: { '2xx': 1000 } },
      { from: '2024-01-15T10:00:00.000Z', count: 200, by: { '2xx': 188, '5xx': 12 } },
    ],
  },
  '/logs/top': { query, ...exact, top: [{ value: 'GET:/\x1b[31m', count: 700 }] },
  '/logs/events': {
    query,
    ...exact,
    events: [{ event: 'oauth.token', count: 3 }],
    hours: [{ hour: '2024-01-15T09:00:00.000Z', counts: { 'oauth.token': 3 } }],
  },
  '/logs/slow': { query, logs: [fakeEntry(1)], count: 1, total: null, next_cursor: null, partial: true },
};

async function show(args: readonly string[], terminal = false) {
  await using gateway = await startFakeGateway([], ({ url }, response) =>
    REPLIES[url.pathname] === undefined ? false : replyJson(response, 200, REPLIES[url.pathname]),
  );
  const result = await run([...args, '--no-color', '--url', gateway.url], { terminal });
  const asked = gateway.requests.map(({ url }) => decodeURIComponent(url.pathname + url.search)).sort();
  return { ...result, asked };
}

describe('stats', () => {
  test('shows figures in 80 columns, and what is not exact', async () => {
    const { stdout, exitCode } = await show(['stats', '--hours', '1']);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`2024-01-15 09:30 to 2024-01-15 10:30 UTC
Requests        1,200  0.333/s  12 errors (1.0 %)
Response times  p50 12ms  p90 45ms  p95 80ms  p99 1.20s
Visitors        unknown
Entries         1,300  1.50 MB sent

Requests over time each column 30 min, highest 1,000
  █▂ all
   ▁ errors
  01-15 09:30 01-15 10:30

Status
  200  1,188   99.0 %  ██████████████████████████████
  503     12    1.0 %  ▎

Levels
  ERROR     12    0.9 %  ▎
  INFO   1,288   99.1 %  ██████████████████████████████

Paths
  GET /\\x1b[31m  700  ██████████████████████████████

Client IPs
  GET:/\\x1b[31m  700  ██████████████████████████████

Events
  oauth.token  3  ██████████████████████████████

visitors, entries: counted by whole hours
  2024-01-15 09:00 to 2024-01-15 10:30 UTC
`);
    expect(stdout.split('\n').every((line) => line.length <= 80)).toBe(true);
  });

  test('asks for one window; with other filters than events have, events are left out', async () => {
    expect((await show(['stats', '--hours=1'])).asked).toEqual([
      '/logs/events?hours=1',
      '/logs/histogram?hours=1&buckets=60&split=status',
      '/logs/stats?hours=1',
      '/logs/top?hours=1&by=ip',
      '/logs/top?hours=1&by=path',
    ]);
    const { asked, stdout } = await show(['stats', '--host=a.example']);
    expect(asked.map((path) => path.split('?')[0])).not.toContain('/logs/events');
    expect(stdout).not.toContain('Events');
  });

  test('--json prints every reply as it came', async () => {
    const { stdout } = await show(['stats', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      stats: REPLIES['/logs/stats'],
      histogram: REPLIES['/logs/histogram'],
      paths: REPLIES['/logs/top'],
      ips: REPLIES['/logs/top'],
      events: REPLIES['/logs/events'],
    });
  });
});

test('events shows counts, then hours', async () => {
  const { stdout, asked } = await show(['events', '--event', 'oauth.*']);
  expect(asked).toEqual(['/logs/events?event=oauth.*']);
  expect(stdout).toBe(`Events
  oauth.token  3  ██████████████████████████████

By hour
  2024-01-15 09:00  oauth.token 3
`);
});

test('top shows values by count', async () => {
  const { stdout, asked } = await show(['top', 'path', '--limit', '3', '--host', 'a']);
  expect(asked).toEqual(['/logs/top?host=a&by=path&limit=3']);
  expect(stdout).toBe('GET /\\x1b[31m  700  ██████████████████████████████\n');
  expect(await show(['top', 'colour'])).toMatchObject({ exitCode: 2 });
});

test('histogram shows a line a bucket', async () => {
  const { stdout, asked } = await show(['histogram', '--split', 'status', '--buckets', '2']);
  expect(asked).toEqual(['/logs/histogram?buckets=2&split=status']);
  expect(stdout).toBe(
    `2024-01-15 09:30:00  1,000 ${'█'.repeat(38)} 2xx 1,000
2024-01-15 10:00:00    200 ${'███████▋'.padEnd(38)} 2xx 188 5xx 12
`,
  );
});

test('slow asks for the newest, or for the slowest', async () => {
  expect((await show(['slow'])).asked).toEqual(['/logs/slow?limit=100']);
  expect((await show(['slow', '250', '--limit=5'])).asked).toEqual(['/logs/slow?threshold=250&limit=5']);
  const { asked, stdout, stderr } = await show(['slow', '250', '--slowest', '--limit=5'], true);
  expect(asked).toEqual(['/logs/slow?threshold=250&order=slowest&limit=5']);
  expect(stdout).toContain('message 1');
  expect(stderr).toContain('the slowest of the newest');
});
