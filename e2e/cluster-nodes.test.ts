import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@tailrace/client';
import { Logger } from '@tailrace/logger/internal';
import {
  hasRedisCluster,
  type RedisCluster,
  type RedisServer,
  startRedisCluster,
} from '@tailrace/test-engines';
import { expect, onTestFinished } from 'vitest';
import { readClusterContents } from './testing/cluster-contents.js';
import { startGatewayProcess } from './testing/gateway-process.js';
import { createRandom } from './testing/random.js';
import { printedSeed } from './testing/series.js';
import { expectEachOnce, expectFollowed, followAll, startSteadyLoad } from './testing/steady-load.js';
import { connectTo } from './testing/stored-keys.js';
import { testUnless } from './testing/test-unless.js';

const SHARDS = 16;
/** Entries a second: redis-cli moves slots one after another, whole, and they get ever larger meanwhile. */
const RATE = 300;

/** Keys that redis-cli moves in one command. */
const PIPELINE = ['--cluster-pipeline', '200'];

const needsCluster = testUnless(hasRedisCluster ? undefined : 'no redis-server or redis-cli on PATH');

needsCluster(
  'a replica takes over in peace, a node is added and removed, all nodes end and come back: each entry is stored once, and followed once',
  async () => {
    const random = createRandom(printedSeed('cluster nodes'));
    const cluster = await startRedisCluster({
      settings: ({ port, folder }) => [
        ...['--appendonly', 'yes', '--dir', folder, '--appenddirname', `aof-${port}`],
        ...['--dbfilename', `dump-${port}.rdb`],
      ],
    });
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

    const load = startSteadyLoad(logger, random, RATE);
    await failOverInPeace(cluster);
    const added = await addNode(cluster);
    expect(await slotsOf(cluster, added)).toBeGreaterThan(3_000);
    await removeNode(cluster, added);
    expect(await slotsOf(cluster, added)).toBe(0);
    await restartAll(cluster);
    const accepted = await load.stop();

    await expectEachOnce(logger, accepted, () => readClusterContents(cluster, SHARDS));
    await expectFollowed(follower, accepted);
    const client = createClient({ url: gateway.url });
    expect(await client.search({ component: 'worker', limit: 1 })).toMatchObject({ partial: false });
    process.stdout.write(
      `cluster nodes: ${accepted} entries, ${logger.stats().retries} retries, ${follower.ids.length} followed, ${follower.gaps()} gaps\n`,
    );
  },
  300_000,
);

/** `CLUSTER FAILOVER`: a replica takes over from a master that is well. */
async function failOverInPeace(cluster: RedisCluster): Promise<void> {
  const old = await cluster.masterOf(0);
  const replica = await replicaOf(cluster, old);
  await ask(replica, 'CLUSTER', 'FAILOVER');
  await expect.poll(async () => (await cluster.masterOf(0)).port, { timeout: 30_000 }).toBe(replica.port);
  await cluster.whole();
}

/** A new master, which gets its share of the slots. */
async function addNode(cluster: RedisCluster): Promise<RedisServer> {
  const [first] = cluster.nodes;
  const node = await cluster.startNode();
  await cluster.cli('add-node', addressOf(node), addressOf(first as RedisServer));
  await expect.poll(() => isSettled(cluster), { timeout: 30_000 }).toBe(true);
  await cluster.cli('rebalance', addressOf(first as RedisServer), '--cluster-use-empty-masters', ...PIPELINE);
  await cluster.whole();
  return node;
}

/** Its slots go to the others, then it goes itself. */
async function removeNode(cluster: RedisCluster, node: RedisServer): Promise<void> {
  const [first] = cluster.nodes;
  const id = await ask<string>(node, 'CLUSTER', 'MYID');
  await expect.poll(() => isSettled(cluster), { timeout: 30_000 }).toBe(true);
  await cluster.cli('rebalance', addressOf(first as RedisServer), '--cluster-weight', `${id}=0`, ...PIPELINE);
  await cluster.whole();
  await expect.poll(() => isSettled(cluster), { timeout: 30_000 }).toBe(true);
  await cluster.cli('del-node', addressOf(first as RedisServer), id);
  await node.stop();
}

/** As for an update of the servers: all end in order, and start with what they have kept. */
async function restartAll(cluster: RedisCluster): Promise<void> {
  const running = await Promise.all(
    cluster.nodes.map((node) =>
      ask(node, 'PING').then(
        () => node,
        () => undefined,
      ),
    ),
  );
  const nodes = running.filter((node) => node !== undefined);
  for (const { pid } of nodes) process.kill(pid, 'SIGTERM');
  for (const node of nodes)
    await expect
      .poll(
        () =>
          ask(node, 'PING').then(
            () => 'up',
            () => 'down',
          ),
        { timeout: 30_000 },
      )
      .toBe('down');
  for (const { port } of nodes) await cluster.restart(port);
  await cluster.whole();
}

/** Whether all nodes know each other and agree on who has which slot; redis-cli moves none before. */
async function isSettled(cluster: RedisCluster): Promise<boolean> {
  const [first] = cluster.nodes;
  const said = await cluster.cli('check', addressOf(first as RedisServer)).catch(() => '');
  if (!said.includes('All nodes agree about slots configuration')) return false;
  const infos = await Promise.all(cluster.nodes.map((node) => ask<string>(node, 'CLUSTER', 'INFO')));
  return infos.every((info) => info.includes(`cluster_known_nodes:${cluster.nodes.length}\r`));
}

async function replicaOf(cluster: RedisCluster, master: RedisServer): Promise<RedisServer> {
  const id = await ask<string>(master, 'CLUSTER', 'MYID');
  const [line = ''] = await ask<string[]>(master, 'CLUSTER', 'REPLICAS', id);
  const port = Number(/:(\d+)@/.exec(line)?.[1]);
  return cluster.nodes.find((node) => node.port === port) as RedisServer;
}

/** How many slots a node has by itself. */
async function slotsOf(cluster: RedisCluster, { port }: RedisServer): Promise<number> {
  const ranges = await ask<[number, number, [string, number]][]>(
    await cluster.masterOf(0),
    'CLUSTER',
    'SLOTS',
  );
  return ranges
    .filter(([, , [, owner]]) => owner === port)
    .reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

function addressOf({ port }: RedisServer): string {
  return `127.0.0.1:${port}`;
}

async function ask<Reply>(node: RedisServer, ...command: [string, ...string[]]): Promise<Reply> {
  const redis = connectTo(node.url);
  redis.on('error', () => {});
  try {
    return (await redis.call(...command)) as Reply;
  } finally {
    redis.disconnect();
  }
}
