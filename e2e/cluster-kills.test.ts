import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@tailrace/logger/internal';
import {
  hasRedisCluster,
  type RedisCluster,
  type RedisServer,
  startRedisCluster,
} from '@tailrace/test-engines';
import { expect, onTestFinished } from 'vitest';
import { readClusterContents, slotOf } from './testing/cluster-contents.js';
import { startGatewayProcess } from './testing/gateway-process.js';
import { createRandom } from './testing/random.js';
import { printedSeed, seriesLength } from './testing/series.js';
import { expectEachOnce, expectFollowed, followAll, startSteadyLoad } from './testing/steady-load.js';
import { connectTo } from './testing/stored-keys.js';
import { testUnless } from './testing/test-unless.js';

const SHARDS = 16;
const KILLS = seriesLength(20);
const MOVES = seriesLength(5);

const needsCluster = testUnless(hasRedisCluster ? undefined : 'no redis-server or redis-cli on PATH');

needsCluster(
  `masters killed (${KILLS}) and slots moved (${MOVES}) under load: each entry is stored once, and followed once`,
  async () => {
    const random = createRandom(printedSeed('cluster kills'));
    const cluster = await startRedisCluster();
    const gateway = await startGatewayProcess({ REDIS_URL: cluster.url });
    const spoolDir = await mkdtemp(join(tmpdir(), 'tailrace-e2e-'));
    const logger = new Logger({ redis: cluster.url, spoolDir, onError: () => {} });
    onTestFinished(async () => {
      await logger.close(0);
      await gateway.stop();
      await cluster.stop();
      await rm(spoolDir, { recursive: true });
    });
    const follower = await followAll(gateway.url);
    onTestFinished(() => follower.leave());
    const load = startSteadyLoad(logger, random);
    // While there is little to move: a slot of redis-cli's takes a round trip a key.
    for (let i = 0; i < MOVES; i++) await moveSlots(cluster, random);
    for (let i = 0; i < KILLS; i++) await killMaster(cluster, random);
    const accepted = await load.stop();

    await expectEachOnce(logger, accepted, () => readClusterContents(cluster, SHARDS));
    await expectFollowed(follower, accepted);
    process.stdout.write(
      `cluster kills: ${accepted} entries, ${logger.stats().retries} retries, ${follower.ids.length} followed, ${follower.gaps()} gaps\n`,
    );
  },
  60_000 + (KILLS + MOVES) * 40_000,
);

/** Kills a master, waits for its replica to take its place, and brings it back. */
async function killMaster(cluster: RedisCluster, random: () => number): Promise<void> {
  const shard = Math.floor(random() * SHARDS);
  const slot = await slotOf(cluster, `{s${shard}}`);
  const node = await cluster.masterOf(slot);
  process.kill(node.pid, 'SIGKILL');
  for (let port = node.port; port === node.port; await sleep(50))
    port = await cluster.masterOf(slot).then(
      (master) => master.port,
      () => node.port,
    );
  await cluster.restart(node.port);
  await cluster.whole();
  const back = connectTo(node.url);
  await expect
    .poll(() => back.info('replication').catch(() => ''), { timeout: 30_000 })
    .toContain('master_link_status:up');
  back.disconnect();
}

/** Moves a slot of a busy shard key by key, with a rest in the middle, and a part of the others by redis-cli. */
async function moveSlots(cluster: RedisCluster, random: () => number): Promise<void> {
  const slot = await slotOf(cluster, `{s${Math.floor(random() * SHARDS)}}`);
  const from = await cluster.masterOf(slot);
  const masters = await mastersOf(cluster);
  const to = masters.find(({ port }) => port !== from.port) as RedisServer;
  const [source, target] = [connectTo(from.url), connectTo(to.url)];
  const idOf = async (one: typeof source) => (await one.call('CLUSTER', 'MYID')) as string;
  const [sourceId, targetId] = [await idOf(source), await idOf(target)];
  await target.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', sourceId);
  await source.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', targetId);
  const moved = async (share: number) => {
    const keys = (await source.call('CLUSTER', 'GETKEYSINSLOT', slot, 1_000_000)) as string[];
    const some = keys.slice(0, Math.ceil(keys.length * share));
    for (let at = 0; at < some.length; at += 500)
      await source.call('MIGRATE', '127.0.0.1', to.port, '', 0, 30_000, 'KEYS', ...some.slice(at, at + 500));
    return keys.length - some.length;
  };
  await moved(0.5);
  await sleep(2_000);
  while ((await moved(1)) > 0);
  for (const one of [target, source]) await one.call('CLUSTER', 'SETSLOT', slot, 'NODE', targetId);
  source.disconnect();
  target.disconnect();
  await cluster.whole();
  // A quarter of all slots, to whoever has the fewest: a master without any would become a replica.
  const poorest = connectTo((await poorestOf(cluster)).url);
  const poorestId = await idOf(poorest);
  poorest.disconnect();
  await cluster.cli(
    'reshard',
    `127.0.0.1:${from.port}`,
    '--cluster-from',
    'all',
    '--cluster-to',
    poorestId,
    '--cluster-slots',
    '4096',
    '--cluster-pipeline',
    '100',
    '--cluster-yes',
  );
  await cluster.whole();
}

/** The master with the fewest slots. */
async function poorestOf(cluster: RedisCluster): Promise<RedisServer> {
  const [first] = await mastersOf(cluster);
  const redis = connectTo((first as RedisServer).url);
  const ranges = (await redis.call('CLUSTER', 'SLOTS')) as [number, number, [string, number]][];
  redis.disconnect();
  const slots = new Map<number, number>();
  for (const [from, to, [, port]] of ranges) slots.set(port, (slots.get(port) ?? 0) + to - from + 1);
  const [[poorest] = [0]] = [...slots].sort(([, a], [, b]) => a - b);
  return cluster.nodes.find(({ port }) => port === poorest) as RedisServer;
}

async function mastersOf(cluster: RedisCluster): Promise<RedisServer[]> {
  const found = await Promise.all([0, 4_000, 8_000, 12_000, 16_000].map((slot) => cluster.masterOf(slot)));
  return [...new Set(found)];
}
