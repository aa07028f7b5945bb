import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createReader } from '@tailrace/query';
import { DEFAULT_RETENTION_DAYS, type Filter, Keyspace } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from './config.js';
import { runDemo } from './demo.js';

const SILENT = { write: () => {}, progress: () => {}, trouble: () => {} };
const NEVER = new AbortController().signal;

describe.each(TEST_ENGINES)('on $name', ({ start }) => {
  const engine = useEngine(start);
  beforeEach(() => engine.redis.flushall());

  const configOf = (seconds: number) =>
    readConfig({ DEMO_PORT: '0', DEMO_SECONDS: String(seconds), REDIS_URL: engine.url });

  test('two seconds write every accepted entry, and what was said to occur is found', async () => {
    const texts: string[] = [];
    const output = { ...SILENT, write: (text: string) => void texts.push(text) };
    const logged = await runDemo(configOf(2), output, NEVER);
    expect(logged).toMatchObject({ accepted: logged.written, pending: 0, dropped: {}, complete: true });
    expect(logged.accepted).toBeGreaterThan(40);

    const { redis } = engine;
    const reader = createReader({ redis, keyspace: new Keyspace(), retentionDays: DEFAULT_RETENTION_DAYS });
    const window = { from: Date.now() - 60_000, to: Date.now() };
    const search = async (filter: Filter) => (await reader.search({ filter, window, limit: 1_000 })).entries;
    const all = await search({});
    expect(all).toHaveLength(logged.written);
    const summary = texts.at(-1) ?? '';
    const requests = all.filter(({ kind }) => kind === 'request').length;
    expect(summary).toMatch(new RegExp(`^${requests} requests in `));
    const [, ip = ''] = /logs-ip (\S+)/.exec(summary) ?? [];
    expect((await search({ ip })).length).toBeGreaterThan(0);
    const [, q = ''] = /logs-search '(.+)'/.exec(summary) ?? [];
    expect((await search({ q })).length).toBeGreaterThan(0);
  });

  test('aborted, it ends early and writes what it logged', async () => {
    // An hour: without the abort the test would run out of time.
    const logged = await runDemo(configOf(3_600), SILENT, AbortSignal.timeout(300));
    expect(logged).toMatchObject({ accepted: logged.written, dropped: {}, complete: true });
  });
});

test.each<[string, RequestListener | undefined, RegExp]>([
  ['no gateway', undefined, /^no gateway answers at http:.*; start it first with: npx -y pnpm@10 start$/],
  [
    'a gateway on an outside Redis',
    health({ embedded: false, redis_url: null }),
    /set REDIS_URL to the same/,
  ],
  ['something else', (_, reply) => void reply.end('hello'), /is no Tailrace gateway; set TAILRACE_URL$/],
])('%s and no REDIS_URL is an error that says what to do', async (_, listener, message) => {
  const gateway = createServer(listener).listen(0, '127.0.0.1');
  await once(gateway, 'listening');
  const { port } = gateway.address() as AddressInfo;
  if (listener === undefined) gateway.close();
  const config = readConfig({ DEMO_PORT: '0', TAILRACE_URL: `http://127.0.0.1:${port}` });
  await expect(runDemo(config, SILENT, NEVER)).rejects.toThrow(message);
  gateway.close();
});

test('a port in use is an error that names DEMO_PORT', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const config = readConfig({ DEMO_PORT: String(port), REDIS_URL: 'redis://127.0.0.1:1' });
  const running = runDemo(config, SILENT, AbortSignal.timeout(10));
  await expect(running).rejects.toThrow(`DEMO_PORT ${port} is in use`);
  other.close();
});

function health(body: object): RequestListener {
  return (_, reply) => void reply.end(JSON.stringify(body));
}
