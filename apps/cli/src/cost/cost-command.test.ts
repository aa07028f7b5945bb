import type { CostReply } from '@tailrace/api';
import { expect, test } from 'vitest';
import { replyJson, startFakeGateway } from '../testing/fake-gateway.js';
import { run } from '../testing/run.js';

const REPLY: CostReply = {
  measured_at: '2024-01-15T10:30:45.123Z',
  redis: {
    entries: 12_000,
    bytes: 20_000_000,
    sampled: 400,
    parts: [
      { name: 'entries', bytes: 15_000_000, entries: 12_000 },
      { name: 'stream', bytes: 5_000_000, entries: null },
    ],
    components: [{ name: 'db\u001b[2J', bytes: 15_000_000, entries: 12_000 }],
    classes: [{ name: 'requests', bytes: 15_000_000, entries: 12_000 }],
    used_bytes: 30_000_000,
    max_bytes: 100_000_000,
    bytes_per_day: 10_000_000,
    measured_s: 86_400,
    days_left: 7,
    days_left_reason: 'fills_up',
  },
  archive: {
    entries: 100_000,
    bytes: 9_000_000,
    classes: [{ name: 'requests', bytes: 9_000_000, entries: 100_000 }],
    components: null,
    bytes_per_day: 1_000_000,
    free_bytes: 50_000_000_000,
    days_left: 50_000,
  },
};

async function cost(reply: CostReply, ...args: string[]) {
  await using gateway = await startFakeGateway([], (_, response) => replyJson(response, 200, reply));
  const result = await run(['cost', ...args], { env: { TAILRACE_URL: gateway.url } });
  expect(gateway.requests[0]?.url.pathname).toBe('/logs/cost');
  return result;
}

test('says what logs take, how it grows and what it is made of', async () => {
  expect((await cost(REPLY)).stdout).toBe(
    [
      'Redis      20.0 MB of logs, estimated from 400 of 12,000 entries',
      'memory     30.0 MB used of 100 MB',
      'growth     10.0 MB a day, by the last day',
      'full       in 7 days, as it goes on now',
      '',
      'part                         bytes     share   entries',
      'entries                    15.0 MB    75.0 %    12,000',
      'stream                     5.00 MB    25.0 %         -',
      '',
      'component                    bytes     share   entries',
      'db\\x1b[2J                  15.0 MB   100.0 %    12,000',
      '',
      'class                        bytes     share   entries',
      'requests                   15.0 MB   100.0 %    12,000',
      '',
      'archive    9.00 MB, 100,000 entries',
      'growth     1.00 MB a day',
      'disk       50.0 GB free, full in 50,000 days if nothing expires',
      '',
      'class                        bytes     share   entries',
      'requests                   9.00 MB   100.0 %   100,000',
      '',
    ].join('\n'),
  );
  expect(JSON.parse((await cost(REPLY, '--json')).stdout)).toEqual(REPLY);
});

test.each([
  ['no_bound', 'maxmemory is 0'],
  ['levels_off', 'never, as it goes on now'],
  ['too_young', 'not known yet'],
] as const)('without a day to name (%s) it says why', async (reason, text) => {
  const redis = { ...REPLY.redis, days_left: null, days_left_reason: reason };
  expect((await cost({ ...REPLY, redis, archive: null })).stdout).toContain(text);
});
