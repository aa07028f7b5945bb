import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasRedisCluster, startRedisServer } from '@tailrace/test-engines';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStores } from '../store.js';
import { slotOfShard } from './cluster-place.js';

const skipped = hasRedisCluster ? '' : ' (skipped: no redis-server or redis-cli on PATH)';

describe.skipIf(!hasRedisCluster)(`the nodes of a Cluster${skipped}`, () => {
  /** A node that has every slot, unless it is to have none. */
  async function startNode(settings: readonly string[] = [], hasSlots = true) {
    const folder = await mkdtemp(join(tmpdir(), 'tailrace-node-'));
    const node = await startRedisServer({
      settings: ['--cluster-enabled', 'yes', '--dir', folder, ...settings],
    });
    onTestFinished(async () => {
      await node.stop();
      await rm(folder, { recursive: true, force: true });
    });
    const password = settings[settings.indexOf('--requirepass') + 1];
    const redis = new Redis(
      node.port,
      '127.0.0.1',
      settings.includes('--requirepass') ? { password: password as string } : {},
    );
    onTestFinished(() => redis.disconnect());
    if (hasSlots) await redis.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await expect
      .poll(async () => String(await redis.call('CLUSTER', 'INFO')), { timeout: 20_000 })
      .toContain(`cluster_state:${hasSlots ? 'ok' : 'fail'}`);
    return { node, redis };
  }

  async function open(url: string) {
    const stores = await openStores(url, () => {});
    onTestFinished(() => stores.close());
    return stores;
  }

  test('slots are those the server counts', async () => {
    const { redis } = await startNode();
    for (const shard of [0, 1, 7, 15, 16_383])
      expect(slotOfShard(shard)).toBe(await redis.call('CLUSTER', 'KEYSLOT', `{s${shard}}:any`));
  });

  test('user and password are those of every node', async () => {
    const { node } = await startNode(['--requirepass', 'se#cret']);
    const stores = await open(`redis+cluster://:se%23cret@127.0.0.1:${node.port}`);
    expect(stores).toMatchObject({ topology: 'cluster' });
    expect(stores.shards).toHaveLength(16);
    expect(await stores.shards[3]?.redis.set('{s3}:a', 'b')).toBe('OK');
    const wrong = open(`redis+cluster://:wrong@127.0.0.1:${node.port}`);
    await expect(wrong).rejects.toThrow(/WRONGPASS/);
    await expect(wrong).rejects.not.toThrow(/:wrong@/);
  });

  test('an address that a node tells and that does not lead there is mapped', async () => {
    const { node } = await startNode([
      '--cluster-announce-ip',
      '192.0.2.1',
      '--cluster-announce-port',
      '7001',
    ]);
    const url = `redis+cluster://127.0.0.1:${node.port}?shards=2`;
    const stores = await open(`${url}&nat=192.0.2.1:7001/127.0.0.1:${node.port}`);
    expect(await stores.shards[1]?.redis.set('{s1}:a', 'b')).toBe('OK');
    expect(stores.masters()).toEqual([`127.0.0.1:${node.port}`]);
  });

  test('the first node that answers is enough', async () => {
    const { node } = await startNode();
    const stores = await open(`redis+cluster://127.0.0.1:1,127.0.0.1:${node.port}?shards=1`);
    expect(await stores.shards[0]?.redis.ping()).toBe('PONG');
  });

  test('a Cluster that is not whole, no Cluster at all, and nobody are told apart', async () => {
    const { node: empty } = await startNode([], false);
    await expect(open(`redis+cluster://127.0.0.1:${empty.port}?shards=1`)).rejects.toThrow(
      `no node serves slot ${slotOfShard(0)} of shard {s0}`,
    );
    const single = await startRedisServer();
    onTestFinished(() => single.stop());
    await expect(open(`redis+cluster://127.0.0.1:${single.port}`)).rejects.toThrow(
      'cluster support disabled',
    );
    await expect(open('redis+cluster://127.0.0.1:1,127.0.0.1:2')).rejects.toThrow(
      /127\.0\.0\.1:1: connect ECONNREFUSED.*127\.0\.0\.1:2: connect ECONNREFUSED/,
    );
  });
});
