import type { AnalyticsReply } from '@tailrace/api';
import { expect, test } from 'vitest';
import { replyJson, startFakeGateway } from '../testing/fake-gateway.js';
import { run } from '../testing/run.js';

const compared = (now: number | null, before: number | null) => ({
  now,
  before,
  change: now === null || before === null || before === 0 ? null : now / before - 1,
});

const REPLY: AnalyticsReply = {
  query: {},
  from: '2024-01-15T10:30:00.000Z',
  to: '2024-01-15T11:30:00.000Z',
  before: { from: '2024-01-08T10:30:00.000Z', to: '2024-01-08T11:30:00.000Z' },
  exact: true,
  notes: [],
  volume: {
    entries: compared(1_500, 1_000),
    requests: compared(100, 0),
    bytes_sent: compared(2_000, 4_000),
    visitors: compared(null, 3),
  },
  rates: { requests_per_second: compared(12.345, 1), error_rate: compared(0.05, 0.04) },
  response_times: {
    p50_ms: compared(12, 10),
    p90_ms: compared(12, 10),
    p95_ms: compared(1_200, 10),
    p99_ms: compared(null, null),
  },
  top: { paths: [{ value: 'GET:/\u001b[31m', count: 7, before: 3 }], ips: [], events: [] },
  new_errors: [{ fingerprint: 'f', type: 'TypeError', code: null, message: 'no plan', count: 4 }],
};

test('figures stand beside those of the week before', async () => {
  await using gateway = await startFakeGateway([], (_, response) => replyJson(response, 200, REPLY));
  const { stdout } = await run(['analytics', '--hours', '1'], { env: { TAILRACE_URL: gateway.url } });
  expect(gateway.requests[0]?.url.pathname).toBe('/api/analytics');
  expect(stdout.split('\n').map((line) => line.replace(/ +/g, ' ').trim())).toEqual([
    '2024-01-15 10:30 to 2024-01-15 11:30 UTC, beside a week before',
    'now week before change',
    'entries 1,500 1,000 +50.0 %',
    'requests 100 0 -',
    'requests/s 12.3 1 +1135 %',
    'error rate 5.00 % 4.00 % +25.0 %',
    'visitors - 3 -',
    'bytes sent 2.00 kB 4.00 kB -50.0 %',
    'p50 12ms 10ms +20.0 %',
    'p95 1.20s 10ms +11900 %',
    'p99 - - -',
    '',
    'paths',
    '7 3 GET:/\\x1b[31m',
    '',
    'new errors',
    '4 TypeError no plan',
    '',
  ]);
});
