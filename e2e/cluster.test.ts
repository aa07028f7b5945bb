import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@tailrace/client';
import { Logger } from '@tailrace/logger/internal';
import { hasRedisCluster, type RedisCluster, startRedisCluster } from '@tailrace/test-engines';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';

describe.skipIf(!hasRedisCluster)(
  `a Cluster${hasRedisCluster ? '' : ' (skipped: no redis-cli on PATH)'}`,
  () => {
    let cluster: RedisCluster;
    let gateway: GatewayProcess;
    beforeAll(async () => {
      cluster = await startRedisCluster();
      gateway = await startGatewayProcess({ REDIS_URL: cluster.url });
    }, 90_000);
    afterAll(async () => {
      await gateway?.stop();
      await cluster?.stop();
    });

    async function openLogger() {
      const spoolDir = await mkdtemp(join(tmpdir(), 'tailrace-e2e-'));
      const errors: string[] = [];
      const logger = new Logger({
        redis: cluster.url,
        spoolDir,
        onError: ({ message }) => errors.push(message),
      });
      onTestFinished(async () => {
        await logger.close(0);
        await rm(spoolDir, { recursive: true });
      });
      return { logger, errors };
    }

    test('what is logged is found by address, by anything else, counted and followed', async () => {
      const client = createClient({ url: gateway.url });
      const { logger, errors } = await openLogger();
      const followed: string[] = [];
      const leaving = new AbortController();
      const following = (async () => {
        for await (const event of client.stream({ component: 'seen' }, { signal: leaving.signal })) {
          if (event.type === 'entry') followed.push(event.entry.message);
        }
      })().catch(() => undefined);
      await expect.poll(async () => (await client.health()).status).toBe('ok');
      for (let i = 0; i < 500; i++)
        logger.request(undefined, {
          method: 'GET',
          path: `/p/${i}`,
          client_ip: `192.0.2.${i % 50}`,
          status_code: i % 5 ? 200 : 500,
        });
      for (let i = 0; i < 500; i++) logger.log('INFO', `m${i}`, { component: 'seen' });
      await logger.flush();
      expect(logger.stats()).toMatchObject({ accepted: 1_000, written: 1_000, pending: 0, dropped: {} });
      expect(errors).toEqual([]);
      const ofAddress = await client.search({ ip: '192.0.2.7', limit: 100 });
      expect(ofAddress).toMatchObject({ total: 10, count: 10, partial: false });
      const all = await client.search({ component: 'seen', limit: 1_000 });
      expect(all.logs.map(({ message }) => message)).toEqual(Array.from({ length: 500 }, (_, i) => `m${i}`));
      await expect.poll(() => followed.length, { timeout: 20_000 }).toBe(500);
      expect(new Set(followed).size).toBe(500);
      leaving.abort();
      await following;
    }, 60_000);
  },
);
