import { readFile } from 'node:fs/promises';
import { hasRedisServer, startRedisServer } from '@tailrace/test-engines';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { checkEmbeddedEngine } from './process-checks.js';
import { checkRedis } from './redis-checks.js';

test('the embedded engine starts', async () => {
  expect(await checkEmbeddedEngine()).toMatchObject({ state: 'ok', text: expect.stringContaining('Valkey') });
});

test('a server that is not there is a fault without its password', async () => {
  const [finding, ...others] = await checkRedis('redis://u:secret@127.0.0.1:1', '');
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ subject: 'engine', state: 'fault' });
  expect(JSON.stringify(finding)).not.toContain('secret');
});

test.runIf(hasRedisServer)('a server as it comes is fine, and keeps nothing of what was tried', async () => {
  const server = await startRedisServer();
  const redis = new Redis(server.url);
  const findings = await checkRedis(server.url, 'doc:');
  expect(findings.map(({ subject, state }) => `${subject} ${state}`)).toEqual([
    'engine ok',
    'clock ok',
    'memory ok',
    'ACL ok',
  ]);
  expect(await redis.keys('*')).toEqual([]);
  redis.disconnect();
  await server.stop();
});

test.runIf(hasRedisServer)(
  'rights that are missing are named, with the command that grants them',
  async () => {
    const server = await startRedisServer();
    const redis = new Redis(server.url);
    await redis.acl('SETUSER', 'weak', 'on', '>pw', '+@all', '-hset', '-zadd', '~log:*', '~idx:*', '~req:*');
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const url = server.url.replace('redis://', 'redis://weak:pw@');
    const findings = await checkRedis(url, '');
    expect(findings.find(({ subject }) => subject === 'memory')).toMatchObject({ state: 'fault' });
    const rights = findings.find(({ subject }) => subject === 'ACL');
    expect(rights).toMatchObject({
      state: 'fault',
      text: 'the user "weak" lacks rights of a gateway: hset, zadd, keys oauth:flow:*, keys stats:*, keys writers:*, keys settings:*, keys alerts:*, keys audit:*, keys stream:requests, keys writers',
    });
    const grant = rights?.advice?.replace('redis-cli ', '').split(' ') ?? [];
    await redis.call(grant[0] as string, ...grant.slice(1));
    expect((await checkRedis(url, '')).find(({ subject }) => subject === 'ACL')?.state).toBe('ok');
    redis.disconnect();
    await server.stop();
  },
);

test.runIf(hasRedisServer)(
  'the documented least rights of a gateway are enough, a logger has less',
  async () => {
    const server = await startRedisServer();
    const redis = new Redis(server.url);
    const docs = await readFile(new URL('../../../../docs/storage.md', import.meta.url), 'utf8');
    const states: Record<string, unknown> = {};
    for (const [, rule = '', name = ''] of docs.matchAll(/^ACL (SETUSER tailrace-(\w+) .+)$/gm)) {
      await redis.call('ACL', ...rule.replace('PASSWORD', 'pw').split(' '));
      const findings = await checkRedis(server.url.replace('redis://', `redis://tailrace-${name}:pw@`), '');
      states[name] = findings.map(({ subject, state }) => `${subject} ${state}`).join(', ');
    }
    expect(states).toEqual({
      gateway: 'engine ok, clock ok, memory ok, ACL ok',
      logger: 'engine ok, clock ok, memory warning, ACL fault',
    });
    redis.disconnect();
    await server.stop();
  },
);
