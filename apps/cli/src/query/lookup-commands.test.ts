import { describe, expect, test } from 'vitest';
import { fakeEntry, replyError, startFakeGateway } from '../testing/fake-gateway.js';
import { run } from '../testing/run.js';

const many = Array.from({ length: 2500 }, (_, i) => fakeEntry(i));
const messagesIn = (stdout: string) => stdout.match(/message \d+/g) ?? [];

describe('lookup commands', () => {
  test('print entries oldest to newest, without anything else', async () => {
    await using gateway = await startFakeGateway([fakeEntry(1), fakeEntry(2)]);
    expect(await run(['logs', '--url', gateway.url])).toEqual({
      exitCode: 0,
      stdout: '2024-01-15 10:30:45.124Z INFO app  message 1\n2024-01-15 10:30:45.125Z INFO app  message 2\n',
      stderr: '',
    });
  });

  test.each([
    ['logs', '/logs', {}],
    ['errors', '/logs/errors', {}],
    ['search a "b c"', '/logs/search', { q: 'a "b c"' }],
    ['search', '/logs/search', {}],
    ['ip ::1', '/logs', { ip: '::1' }],
    ['host c.example', '/logs', { host: 'c.example' }],
    ['proxy api.example', '/logs', { host: 'api.example' }],
    ['hostname x.example', '/logs', { hostname: 'x.example' }],
    ['user ..', '/logs', { user: '..' }],
    ['session s', '/logs', { session: 's' }],
    ['client c', '/logs', { client: 'c' }],
    ['trace t', '/logs', { trace: 't' }],
    ['object vm-123', '/logs', { object: 'vm-123' }],
    ['audit --user alice', '/logs', { level: 'AUDIT', user: 'alice' }],
    ['audit --level INFO', '/logs', { level: 'AUDIT' }],
    ['entity user:42', '/logs', { level: 'AUDIT', object: 'user:42' }],
  ])('%s asks %s', async (line, path, query) => {
    await using gateway = await startFakeGateway();
    await run([...line.split(' '), '--url', gateway.url]);
    const { url } = gateway.requests[0] as (typeof gateway.requests)[0];
    expect(url.pathname).toBe(path);
    expect(Object.fromEntries(url.searchParams)).toEqual({ limit: '100', ...query });
  });

  test('send every filter as it was given; an empty one was not given', async () => {
    await using gateway = await startFakeGateway();
    const flags = ['--min-level=warning', '--status', '4xx', '--hours=', '--event=-x\n$(id)', '--limit='];
    await run(['logs', ...flags, '--url', gateway.url]);
    expect(Object.fromEntries(gateway.requests[0]?.url.searchParams ?? [])).toEqual({
      limit: '100',
      min_level: 'warning',
      status: '4xx',
      event: '-x\n$(id)',
    });
  });

  test('send what a filter must not be, and each of its values', async () => {
    await using gateway = await startFakeGateway();
    const flags = ['--not-host', 'a', '--user=b', '--user=c d', '--not-min-level=info', '--not-user='];
    await run(['logs', ...flags, '--url', gateway.url]);
    expect([...(gateway.requests[0]?.url.searchParams ?? [])].sort()).toEqual([
      ['host!', 'a'],
      ['limit', '100'],
      ['min_level!', 'info'],
      ['user', 'b'],
      ['user', 'c d'],
    ]);
  });

  test('--limit beyond a page goes on by cursor, and the order stays oldest to newest', async () => {
    await using gateway = await startFakeGateway(many);
    const { stdout } = await run(['logs', '--limit', '2200', '--url', gateway.url]);
    expect(messagesIn(stdout)).toEqual(many.slice(300).map((entry) => entry.message));
    expect(gateway.requests.map(({ url }) => url.searchParams.get('limit'))).toEqual(['1000', '1000', '200']);
  });

  test('--all shows every match', async () => {
    await using gateway = await startFakeGateway(many);
    const { stdout } = await run(['logs', '--all', '--json', '--url', gateway.url]);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(many);
  });

  test('sends a token and never prints it', async () => {
    await using gateway = await startFakeGateway([], (_, response) =>
      replyError(response, 403, 'forbidden', 'this token may not read'),
    );
    const result = await run(['logs', '--token=', '--url', gateway.url], {
      env: { TAILRACE_TOKEN: 's3cret' },
    });
    expect(gateway.requests[0]?.headers.authorization).toBe('Bearer s3cret');
    expect(result).toEqual({ exitCode: 1, stdout: '', stderr: 'tailrace: this token may not read\n' });
  });

  test('color a terminal, and nothing else unless told to', async () => {
    await using gateway = await startFakeGateway([fakeEntry(1)]);
    const colored = async (env: NodeJS.ProcessEnv, terminal: boolean, flags: string[] = []) =>
      (await run(['logs', '--url', gateway.url, ...flags], { env, terminal })).stdout.includes('\x1b[');
    expect(await colored({}, true)).toBe(true);
    expect(await colored({}, false)).toBe(false);
    expect(await colored({ NO_COLOR: '1' }, true)).toBe(false);
    expect(await colored({ TERM: 'dumb' }, true)).toBe(false);
    expect(await colored({ FORCE_COLOR: '1' }, false)).toBe(true);
    expect(await colored({ FORCE_COLOR: '1', NO_COLOR: '1' }, true)).toBe(false);
    expect(await colored({ FORCE_COLOR: '1' }, true, ['--no-color'])).toBe(false);
  });

  test('hint at an empty result on a terminal only', async () => {
    await using gateway = await startFakeGateway();
    expect(await run(['logs', '--url', gateway.url])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    const { stdout, stderr } = await run(['logs', '--url', gateway.url, '--no-color'], { terminal: true });
    expect({ stdout, stderr }).toEqual({
      stdout: '',
      stderr: 'no entries in the last 24 hours\n',
    });
  });

  test.each([
    [
      ['ip', '192.0.2.1', '--hours', '1', '--level', 'ERROR'],
      'no entries with level=ERROR ip=192.0.2.1 in the last hour',
    ],
    [
      ['status', '5xx', '--from', '2024-01-15 10:00'],
      'no requests with status=5xx since 2024-01-15T10:00:00Z',
    ],
    [['logs', '--to', '2024-01-15T10:00:00Z'], 'no entries in the 24 hours before 2024-01-15T10:00:00Z'],
    [
      ['errors', '--from', '1', '--to', '2', '--user', 'a', '--user', '\x1b'],
      'no errors with user=a,\\x1b from 1 to 2',
    ],
    [['errors-debug'], 'no errors in the last 24 hours'],
    [['slow', '250'], 'no entries longer than 250 ms in the last 24 hours'],
  ])('%j without a result says what was asked', async (args, text) => {
    await using gateway = await startFakeGateway();
    const { stderr } = await run([...args, '--url', gateway.url, '--no-color'], { terminal: true });
    expect(stderr).toBe(`${text}\n`);
  });

  test.each([
    [['host', 'a.example'], { host: 'a.example' }],
    [['proxy', 'a.example'], { host: 'a.example' }],
    [['fqdn', 'a.example'], { fqdn: 'a.example' }],
    [['logs', '--host', 'a.example'], { host: 'a.example' }],
    [['logs', '--from', '2026-11-26 00:00:00.000Z'], { from: '2026-11-26T00:00:00.000Z' }],
    [['logs', '--from', '1705314645123'], { from: '1705314645123' }],
    [['logs', '--data', 'a.b=>100', '--data', 'plan!=free'], { 'data.a.b': '>100', 'data.plan!': 'free' }],
    [['method', 'POST'], { method: 'POST', kind: 'request' }],
  ])('%j asks for %j', async (args, query) => {
    await using gateway = await startFakeGateway();
    await run([...args, '--url', gateway.url]);
    const asked = Object.fromEntries(gateway.requests[0]?.url.searchParams ?? []);
    expect(asked).toEqual({ ...query, limit: '100' });
  });

  test('say in one line when no gateway answers', async () => {
    await using gateway = await startFakeGateway();
    const { url } = gateway;
    await gateway[Symbol.asyncDispose]();
    expect(await run(['logs', '--url', url])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `tailrace: no gateway answers at ${url}; start one with: npx -y pnpm@10 start\n`,
    });
  });

  test("say the gateway's words about a wrong value, made harmless", async () => {
    await using gateway = await startFakeGateway([], (_, response) =>
      replyError(response, 400, 'invalid_parameter', 'must be a number, not \x1b[2J', 'hours'),
    );
    expect(await run(['logs', '--hours=x', '--url', gateway.url])).toMatchObject({
      exitCode: 1,
      stderr: 'tailrace: hours: must be a number, not \\x1b[2J\n',
    });
  });

  test.each([
    ['HTML', 200, '<html>hello</html>'],
    ['other JSON', 200, '{"hello":"world"}'],
    ['an error of another server', 404, 'not found'],
  ])('say so when %s is replied', async (_, status, body) => {
    await using gateway = await startFakeGateway([], (_, response) => {
      response.writeHead(status).end(body);
      return true;
    });
    const { exitCode, stderr } = await run(['logs', '--url', gateway.url]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^tailrace: what answers at http:\S+ is no Tailrace gateway.*\n$/);
  });

  test.each([
    [['logs', '--limit', '0']],
    [['logs', '--limit', 'x']],
    [['logs', '--nonsense']],
    [['nonsense']],
    [['logs', '--data', 'plan']],
    [['ip', '']],
    [['logs', '--token', 's3cret\n']],
    [['logs', '--url', 'nonsense']],
    [['logs', '--url', 'http://user:pass@localhost']],
    [['follow', '--interval', '-1']],
  ])('%j is wrong usage: exit code 2', async (args) => {
    const { exitCode, stdout, stderr } = await run(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).not.toContain('s3cret');
  });
});

describe('tailrace entry', () => {
  test('shows every field of one entry', async () => {
    const entry = fakeEntry(1, {
      data: { a: '\u202e' },
      error: { type: 'E', message: 'm', stack: 'at x\nat y' },
    });
    await using gateway = await startFakeGateway([], (_, response) => {
      response.end(JSON.stringify({ entry }));
      return true;
    });
    const { stdout } = await run(['entry', 'req:1:a/b:x', '--url', gateway.url]);
    expect(gateway.requests[0]?.url.pathname).toBe('/logs/entry/req%3A1%3Aa%2Fb%3Ax');
    expect(stdout).toContain('\ndata       {"a":"\\u202e"}\n');
    expect(stdout.trimEnd().split('\n')).toHaveLength(8);
  });
});

describe('tailrace test', () => {
  test('says how long writing and reading took, or fails', async () => {
    let ok = true;
    await using gateway = await startFakeGateway([], (_, response) => {
      response.end(JSON.stringify({ ok, id: 'log:1:test:x', write_ms: 1.25, read_ms: 2 }));
      return true;
    });
    const { stdout } = await run(['test', '--url', gateway.url]);
    expect(stdout).toBe('ok: log:1:test:x written in 1.3 ms, read back in 2.0 ms\n');
    ok = false;
    expect(await run(['test', '--url', gateway.url])).toMatchObject({ exitCode: 1, stdout: '' });
  });
});
