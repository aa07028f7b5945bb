import { createClient } from '@tailrace/client';
import { MAX_OUTSIDE_VALUES, OTHER_VALUE } from '@tailrace/schema';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';

const REQUESTS = 3_000;
const NOW = Date.now();
const FOLDED_HOSTS = REQUESTS - MAX_OUTSIDE_VALUES.host;
const FOLDED_PATHS = REQUESTS - MAX_OUTSIDE_VALUES.path;

describe('a client that names a host and a path of its own in each request', () => {
  let gateway: GatewayProcess;
  let redis: Redis;

  beforeAll(async () => {
    gateway = await startGatewayProcess();
    redis = new Redis(/REDIS_URL=(\S+)/.exec(gateway.banner)?.[1] as string);
    const client = createClient({ url: gateway.url });
    // One hour, whenever the test runs; more than a summary counts one by one would take another way.
    const timestamp = NOW;
    const entries = Array.from({ length: REQUESTS }, (_, i) => ({
      timestamp,
      kind: 'request' as const,
      message: `request ${i}`,
      method: 'GET',
      path: `/admin-${i}.php`,
      status_code: 403,
      response_time_ms: 1,
      proxy_hostname: `h${i}.example`,
      client_ip: '192.0.2.1',
    }));
    const routed = entries.slice(0, 50).map((entry, i) => ({ ...entry, path: `/r${i}`, route: `/r${i}` }));
    for (let i = 0; i < REQUESTS; i += 500) await client.ingest(entries.slice(i, i + 500));
    await client.ingest(routed);
  });
  afterAll(async () => {
    redis?.disconnect();
    await gateway?.stop();
  });

  test('makes no more keys an hour than the bound', async () => {
    const keys = await redis.keys('*');
    const of = (prefix: string) => keys.filter((key) => key.startsWith(prefix)).length;
    expect(of('idx:req:host:')).toBe(MAX_OUTSIDE_VALUES.host + 1);
    expect(of('stats:unique_ips:')).toBe(MAX_OUTSIDE_VALUES.host + 1);
    expect(of('idx:req:path:')).toBe(MAX_OUTSIDE_VALUES.path + 1 + 50);
  });

  test('is found by every host and path all the same', async () => {
    const client = createClient({ url: gateway.url });
    for (const n of [100, REQUESTS - 1]) {
      for (const filter of [
        { host: `h${n}.example`, status: '403' },
        { hostname: `h${n}.example`, path: `/admin-${n}.php` },
        { path: `/admin-${n}.php` },
      ]) {
        const { logs } = await client.search(filter);
        expect(logs.map(({ message }) => message)).toEqual([`request ${n}`]);
      }
    }
    const { total } = await client.histogram({ host: `h${REQUESTS - 1}.example` });
    expect(total).toBe(1);
  });

  test('is told where it is counted together', async () => {
    const client = createClient({ url: gateway.url });
    const metrics = await client.metrics();
    expect(metrics).toContain(`tailrace_outside_values_max{of="host"} ${MAX_OUTSIDE_VALUES.host}`);
    if (Math.floor(Date.now() / 3_600_000) === Math.floor(NOW / 3_600_000)) {
      expect(metrics).toContain(`tailrace_folded_requests{of="host"} ${FOLDED_HOSTS}`);
      expect(metrics).toContain(`tailrace_folded_requests{of="path"} ${FOLDED_PATHS}`);
    }
    const window = { from: new Date(NOW - 40 * 86_400_000), to: new Date(NOW + 1_000) };
    const hosts = await client.top({ by: 'host', ...window });
    expect(hosts.top[0]).toEqual({ value: OTHER_VALUE, count: FOLDED_HOSTS });
    expect(hosts).toMatchObject({ exact: false, note: expect.stringContaining('500 hosts') });
    const paths = await client.top({ by: 'path', ...window });
    expect(paths.top[0]).toEqual({ value: `GET:${OTHER_VALUE}`, count: FOLDED_PATHS });
    const ofOne = await client.stats({ host: `h${REQUESTS - 1}.example`, ...window });
    expect(JSON.stringify(ofOne)).toContain('some may be of this one');
  });

  test('is cleared from the keys it shares', async () => {
    const client = createClient({ url: gateway.url });
    for await (const _ of client.clear({ host: `h${REQUESTS - 1}.example` }));
    expect(await redis.zcard(`idx:req:host:${OTHER_VALUE}`)).toBe(FOLDED_HOSTS - 1);
    expect(await redis.zcard(`idx:req:path:GET:${OTHER_VALUE}`)).toBe(FOLDED_PATHS - 1);
  });
});
