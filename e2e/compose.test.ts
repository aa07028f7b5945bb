import { readFileSync } from 'node:fs';
import { hasRedisServer, type RedisServer, startRedisServer } from '@tailrace/test-engines';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { quietPort } from './testing/quiet-port.js';
import { repositoryPath } from './testing/repository.js';
import { describeUnless } from './testing/test-unless.js';

interface Service {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly ports: readonly string[];
}

const PASSWORD = 'f00dfeed';

/** A variable of Compose: `${NAME:-default}` and `${NAME:?what is missing}`. */
const VARIABLE = /\$\{(\w+):([-?])([^}]*)\}/g;

/** The services of a Compose file, with these variables and otherwise the defaults. */
function servicesOf(path: string, variables: Readonly<Record<string, string>>): Record<string, Service> {
  const text = readFileSync(repositoryPath(path), 'utf8').replace(VARIABLE, (_, name, kind, rest) => {
    const value = variables[name] ?? (kind === '-' ? rest : undefined);
    if (value === undefined) throw new Error(`${path} needs ${name}: ${rest}`);
    return value;
  });
  return (parse(text) as { services: Record<string, Service> }).services;
}

const FILE = 'docker-compose.production.yml';

test('without a password it does not start', () => {
  expect(() => servicesOf(FILE, {})).toThrow('needs REDIS_PASSWORD: letters and digits');
});

const absence = hasRedisServer ? undefined : 'no redis-server on PATH';

describeUnless(absence, 'what docker-compose.production.yml runs', () => {
  const { valkey, gateway: gatewayService } = servicesOf(FILE, {
    REDIS_PASSWORD: PASSWORD,
    REDIS_MAXMEMORY: '64mb',
  });
  let server: RedisServer;
  let gateway: GatewayProcess;
  let redis: Redis;

  beforeAll(async () => {
    const [, ...settings] = valkey?.command ?? [];
    server = await startRedisServer({ port: quietPort(), settings });
    const url =
      gatewayService?.environment.REDIS_URL?.replace('valkey:6379', `127.0.0.1:${server.port}`) ?? '';
    redis = new Redis(url);
    gateway = await startGatewayProcess({ REDIS_URL: url });
  });
  afterAll(async () => {
    redis.disconnect();
    await gateway.stop();
    await server.stop();
  });

  test('a server that answers with the password alone', async () => {
    const stranger = new Redis({ port: server.port });
    stranger.on('error', () => {});
    await expect(stranger.get('x')).rejects.toThrow('NOAUTH');
    stranger.disconnect();
    expect(await redis.ping()).toBe('PONG');
  });

  test('that has the bound, evicts nothing and keeps an append-only file', async () => {
    const values = await redis.config('GET', 'maxmemory*', 'appendonly', 'hash-max-listpack-value');
    expect(values).toEqual(expect.arrayContaining(['67108864', 'noeviction', 'yes', '1024']));
  });

  test('a gateway that writes to it, and warns of nothing', async () => {
    const reply = await fetch(`${gateway.url}/logs/test`, { method: 'POST' });
    expect(await reply.json()).toMatchObject({ ok: true });
    expect(await (await fetch(`${gateway.url}/health`)).json()).toMatchObject({
      status: 'ok',
      eviction: null,
    });
  });

  test('both ports on loopback, unless told otherwise', () => {
    const base = servicesOf('docker-compose.yml', {});
    expect([...(valkey?.ports ?? []), ...(base.gateway?.ports ?? [])]).toEqual([
      '127.0.0.1:6379:6379',
      '127.0.0.1:4680:4680',
    ]);
  });
});
