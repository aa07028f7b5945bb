import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { close, configureLogger, flush, type LoggerError } from '@tailrace/logger';
import { hasRedisServer, type RedisServer, startRedisServer } from '@tailrace/test-engines';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startGatewayProcess } from './testing/gateway-process.js';
import { logMixedLoad } from './testing/mixed-load.js';
import { repositoryPath } from './testing/repository.js';
import { connectTo } from './testing/stored-keys.js';

/** Commands that only name a connection or ask for what is not needed; docs/storage.md says so. */
const OPTIONAL = /^(client\|setname|client\|setinfo|config\|get|info)$/;
const PATHS = [
  '/logs?limit=50',
  '/logs?level=ERROR&ip=198.51.100.1',
  '/logs/search?q=old',
  '/logs/errors',
  '/logs/ip/198.51.100.1',
  '/logs/path?path=/users/*',
  '/logs/slow',
  '/logs/trace/none',
  '/logs/oauth/198.51.100.1',
  '/logs/oauth-debug/198.51.100.1',
  '/logs/oauth-flow',
  '/logs/export',
  '/logs/stats',
  '/logs/stats?ip=198.51.100.1',
  '/logs/events',
  '/logs/top?by=path',
  '/logs/histogram',
  '/logs/delivery',
  '/logs/levels',
  '/health',
  '/health/ready',
  '/metrics',
];

const suite = hasRedisServer ? describe : describe.skip;
suite(`with the rights docs/storage.md names${hasRedisServer ? '' : ' (skipped: no redis-server on PATH)'}`, () => {
  let server: RedisServer;
  let admin: Redis;
  beforeAll(async () => {
    server = await startRedisServer();
    admin = connectTo(server.url);
    const rules = readFileSync(repositoryPath('docs/storage.md'), 'utf8').matchAll(/^ACL (SETUSER .+)$/gm);
    for (const [, rule = ''] of rules) await admin.call('ACL', ...rule.split(' '));
  });
  afterAll(async () => {
    admin?.disconnect();
    await server?.stop();
  });
  afterEach(() => admin.call('ACL', 'LOG', 'RESET'));

  const urlOf = (user: string) => server.url.replace('//', `//${user}:PASSWORD@`);

  /** What was refused and is needed. */
  async function refused(): Promise<string[]> {
    const lines = (await admin.call('ACL', 'LOG')) as unknown[][];
    const said = lines.map((line) => {
      const of = (name: string) => String(line[line.indexOf(name) + 1]);
      return { what: of('object'), reason: of('reason'), user: of('username') };
    });
    return said.filter(({ what }) => !OPTIONAL.test(what)).map((one) => JSON.stringify(one));
  }

  test('a logger writes all there is, and no other key or command', async () => {
    const spoolDir = await mkdtemp(join(tmpdir(), 'tailrace-e2e-'));
    onTestFinished(() => rm(spoolDir, { recursive: true }));
    const errors: LoggerError[] = [];
    configureLogger({
      redis: urlOf('tailrace-logger'),
      spoolDir,
      level: 'TRACE',
      onError: (error) => void errors.push(error),
    });
    const logged = logMixedLoad();
    await flush();
    expect(await close()).toMatchObject({ accepted: logged.length, written: logged.length, dropped: {} });
    expect(errors).toEqual([]);
    expect(await refused()).toEqual([]);
    const logger = new Redis(urlOf('tailrace-logger'), { enableReadyCheck: false });
    onTestFinished(() => logger.disconnect());
    for (const command of [
      ['GET', 'session:1'],
      ['SET', 'settings:levels', 'x'],
      ['KEYS', '*'],
      ['FLUSHALL'],
    ])
      await expect(logger.call(...(command as [string, ...string[]]))).rejects.toThrow('NOPERM');
  });

  test('a gateway reads, follows, writes, sets levels and clears', async () => {
    const gateway = await startGatewayProcess({ REDIS_URL: urlOf('tailrace-gateway') });
    onTestFinished(() => gateway.stop());
    const ask = async (path: string, init?: RequestInit) => {
      const reply = await fetch(gateway.url + path, init);
      const body = await reply.text();
      return `${init?.method ?? 'GET'} ${path} ${reply.ok ? '' : body} ${reply.status}`;
    };
    const send = (method: string, path: string, body?: unknown) =>
      ask(path, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    const following = new AbortController();
    const stream = await fetch(`${gateway.url}/logs/stream`, { signal: following.signal });
    const seen = stream.body?.getReader();
    expect(await send('POST', '/logs', [{ level: 'INFO', message: 'by the gateway' }])).toMatch(/20[0-9]$/);
    let text = '';
    while (!text.includes('by the gateway'))
      text += Buffer.from((await seen?.read())?.value ?? []).toString();
    following.abort();
    for (const path of PATHS) expect(await ask(path)).toMatch(/ 200$/);
    expect(await send('POST', '/logs/test')).toMatch(/ 20[0-9]$/);
    expect(await send('PUT', '/logs/levels', { default: 'DEBUG' })).toMatch(/ 20[0-9]$/);
    expect(await send('DELETE', '/logs/levels')).toMatch(/ 20[0-9]$/);
    expect(await send('DELETE', '/logs?ip=198.51.100.1')).toMatch(/ 20[0-9]$/);
    expect(await send('DELETE', '/logs')).toMatch(/ 20[0-9]$/);
    expect(await refused()).toEqual([]);
    const user = connectTo(urlOf('tailrace-gateway'));
    onTestFinished(() => user.disconnect());
    for (const command of [['GET', 'session:1'], ['FLUSHALL'], ['CONFIG', 'SET', 'save', '']])
      await expect(user.call(...(command as [string, ...string[]]))).rejects.toThrow('NOPERM');
  });
});
