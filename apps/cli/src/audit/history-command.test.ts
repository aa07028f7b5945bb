import { describe, expect, test } from 'vitest';
import { replyJson, startFakeGateway } from '../testing/fake-gateway.js';
import { run } from '../testing/run.js';

const entryOf = (number: number, more: object = {}) => ({
  id: `log:${number}:app:x`,
  timestamp: `2024-01-15T10:30:0${number}.000Z`,
  action: 'user.updated',
  actor: { id: 'alice', name: 'Alice' },
  entity_type: 'user',
  entity_id: '42',
  outcome: null,
  reason: null,
  old_values: null,
  new_values: null,
  changes: [],
  patch: [],
  metadata: {},
  objects: [],
  component: 'app',
  message: '',
  ip_address: null,
  user_agent: null,
  trace_id: null,
  data: {},
  ...more,
});
const ENTRIES = [
  entryOf(1, { action: 'user.created', changes: [{ path: '/plan', to: 'free' }] }),
  entryOf(2, { reason: 'up\x1b[2J', changes: [{ path: '/plan', from: 'free', to: 'pro' }] }),
  entryOf(3, {
    action: 'user.deleted',
    actor: null,
    outcome: 'failure',
    changes: [{ path: '/plan', from: 'pro' }],
  }),
];

/** A gateway that has two entries a page. */
const startGateway = () =>
  startFakeGateway([], ({ url }, response) => {
    const isFirst = url.searchParams.get('cursor') === null;
    return replyJson(response, 200, {
      query: {},
      audit: isFirst ? ENTRIES.slice(1) : ENTRIES.slice(0, 1),
      next_cursor: isFirst ? 'older' : null,
      count: 1,
      total: null,
      partial: false,
      entity: { type: 'user', id: '42' },
      values: [],
    });
  });

describe('tailrace history', () => {
  test('shows what was done to an entity over several pages, and what changed, made harmless', async () => {
    await using gateway = await startGateway();
    const { stdout } = await run(['history', 'user:a/b:c', '--url', gateway.url]);
    expect(stdout).toBe(
      [
        '2024-01-15 10:30:01.000Z user.created by Alice (alice)',
        '    + /plan "free"',
        '2024-01-15 10:30:02.000Z user.updated by Alice (alice) (up\\x1b[2J)',
        '    ~ /plan "free" -> "pro"',
        '2024-01-15 10:30:03.000Z user.deleted failed by nobody named',
        '    - /plan "pro"',
        '',
      ].join('\n'),
    );
    expect(gateway.requests.map(({ url }) => url.pathname)).toEqual(
      Array(2).fill('/api/audit/entities/user/a%2Fb%3Ac'),
    );
  });

  test('asks with its filters, and stops at its limit', async () => {
    await using gateway = await startGateway();
    const flags = ['--limit', '2', '--action', 'user.*', '--from', '2024-01-15 10:00', '--json'];
    const { stdout } = await run(['history', 'user:42', ...flags, '--url', gateway.url]);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual(['log:2:app:x', 'log:3:app:x']);
    expect(Object.fromEntries(gateway.requests[0]?.url.searchParams ?? [])).toEqual({
      limit: '2',
      action: 'user.*',
      from: '2024-01-15T10:00:00Z',
    });
  });

  test.each(['user', ':1', 'user:', '..:1', 'user:..'])(
    'refuses %j, which names no entity',
    async (entity) => {
      expect(await run(['history', entity])).toMatchObject({ exitCode: 2, stdout: '' });
    },
  );
});
