import type { DeliveryReply } from '@tailrace/api';
import { expect, test } from 'vitest';
import { replyJson, startFakeGateway } from '../testing/fake-gateway.js';
import { run } from '../testing/run.js';

const TIME = '2024-01-15T10:30:45.123Z';

async function delivery(reply: DeliveryReply, ...args: string[]) {
  await using gateway = await startFakeGateway([], (_, response) => replyJson(response, 200, reply));
  const result = await run(['delivery', ...args], { env: { TAILRACE_URL: gateway.url } });
  expect(gateway.requests[0]?.url.pathname).toBe('/logs/delivery');
  return result;
}

const REPLY: DeliveryReply = {
  writers: [
    {
      id: 'a',
      host: 'web-1',
      pid: 7,
      started: TIME,
      last_seen: TIME,
      skew_ms: 12,
      index_failed: 0,
      accepted: 12_345,
      written: 12_000,
      dropped: { queue_full: 300, exit: 0 },
      lag: 45,
    },
    {
      id: 'b',
      host: 'db\u001b[2J',
      pid: null,
      started: null,
      last_seen: TIME,
      skew_ms: -7_200_000,
      index_failed: 3,
      accepted: 1,
      written: 1,
      dropped: {},
      lag: 0,
    },
  ],
  totals: { writers: 2, accepted: 12_346, written: 12_001, dropped: { queue_full: 300 }, lag: 45 },
  partial: false,
};

test('every writer has a line, and all of them have one', async () => {
  expect((await delivery(REPLY)).stdout).toBe(
    [
      'process      last seen            accepted  written      lag  dropped',
      'web-1:7      2024-01-15 10:30:45Z   12,345   12,000       45      300 queue_full 300',
      'db\\x1b[2J:?  2024-01-15 10:30:45Z        1        1        0        0 clock 7200.0 s behind, index_failed 3',
      '2 writers                           12,346   12,001       45      300 queue_full 300',
      '',
    ].join('\n'),
  );
});

test('without writers it says so, and --json is the reply as it came', async () => {
  const empty = {
    writers: [],
    totals: { writers: 0, accepted: 0, written: 0, dropped: {}, lag: 0 },
    partial: false,
  };
  expect((await delivery(empty)).stdout).toBe('nobody has written in the last 7 days\n');
  expect(JSON.parse((await delivery(REPLY, '--json')).stdout)).toEqual(REPLY);
});
