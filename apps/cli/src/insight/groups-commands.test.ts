import type { ErrorGroupsReply, PatternsReply } from '@tailrace/api';
import { expect, test } from 'vitest';
import { replyJson, startFakeGateway } from '../testing/fake-gateway.js';
import { run } from '../testing/run.js';

async function asked(reply: unknown, ...args: string[]) {
  await using gateway = await startFakeGateway([], (_, response) => replyJson(response, 200, reply));
  const result = await run(args, { env: { TAILRACE_URL: gateway.url } });
  const [sent] = gateway.requests;
  return { ...result, sent: `${sent?.url.pathname}${sent?.url.search}` };
}

const COVERAGE = {
  query: {},
  from: '2024-01-15T10:30:00.000Z',
  to: '2024-01-15T11:30:00.000Z',
  baseline_from: null,
  exact: true,
  entries: 7,
};

const GROUPS: ErrorGroupsReply = {
  ...COVERAGE,
  total: 2,
  overflow: 0,
  groups: [
    {
      fingerprint: 'abc',
      state: 'new',
      mark: null,
      regressions: 0,
      type: 'TypeError',
      code: 'E\u001b[31m',
      message: 'user <number>',
      frames: ['load (users.js)'],
      levels: ['ERROR'],
      count: 1234,
      first_seen: '2024-01-15T10:30:00.000Z',
      last_seen: '2024-01-15T10:31:00.000Z',
      hours: [],
      components: ['app'],
      hosts: [],
      releases: [],
      users: 3,
      ips: 0,
      sample_id: 'log:1:app:x',
      sample_trace: null,
    },
  ],
};

test('error groups are a line each; errors --groups asks the same', async () => {
  const { stdout, sent } = await asked(
    GROUPS,
    'error-groups',
    '--hours',
    '1',
    '--baseline',
    '48',
    '--component',
    'app',
  );
  expect(sent).toBe('/logs/error-groups?hours=1&component=app&baseline=48');
  expect(stdout).toBe(
    'new    1,234 2024-01-15 10:30:00Z 2024-01-15 10:31:00Z TypeError E\\x1b[31m user <number> load (users.js) 3 users abc\n1 more groups; --limit shows more\n',
  );
  const same = await asked(
    GROUPS,
    'errors',
    '--groups',
    '--hours',
    '1',
    '--baseline',
    '48',
    '--component',
    'app',
  );
  expect(same).toMatchObject({ stdout, sent });
});

test.each([
  [
    ['resolve', 'abc', '--release', '2.0', '--reason', 'fixed'],
    'PUT',
    { state: 'resolved', release: '2.0', reason: 'fixed' },
  ],
  [['mute', 'abc', '--for', '7d'], 'PUT', { state: 'muted', for: '7d' }],
  [['known', 'abc'], 'PUT', { state: 'known' }],
  [['reset', 'abc'], 'DELETE', undefined],
])('errors %j says what is known of a group', async (args, method, body) => {
  const mark = body && { at: '2024-01-15T10:30:00.000Z', release: '2.0', until: null, reason: null, ...body };
  const reply = { fingerprint: 'abc', mark: mark ?? null };
  await using gateway = await startFakeGateway([], (_, response) => replyJson(response, 200, reply));
  const { stdout } = await run(['errors', ...args], { env: { TAILRACE_URL: gateway.url } });
  const [sent] = gateway.requests;
  expect([sent?.method, sent?.url.pathname]).toEqual([method, '/logs/error-groups/abc']);
  if (body !== undefined) expect(JSON.parse(sent?.body ?? '')).toEqual(body);
  expect(stdout).toBe(body ? `abc is ${body.state} in release 2.0\n` : 'abc has no mark now\n');
});

test('patterns are a line each', async () => {
  const reply: PatternsReply = {
    ...COVERAGE,
    total: 1,
    overflow: 5,
    patterns: [
      {
        id: 'p',
        pattern: 'user <number> signed in',
        state: 'more',
        count: 30,
        before: 10,
        per_hour: 30,
        before_per_hour: 0.5,
        first_seen: null,
        last_seen: null,
        sample: 'user 1 signed in',
      },
    ],
  };
  const { stdout, sent } = await asked(reply, 'patterns', '--show', 'more');
  expect(sent).toBe('/logs/patterns?show=more');
  expect(stdout).toBe(
    'more      30   30/h  0.5/h user <number> signed in\n5 entries of further patterns are not shown\n',
  );
  expect((await asked(reply, 'patterns', '--show', 'some')).exitCode).toBe(2);
});
