import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort, hasRedisServer, type RedisServer, startRedisServer } from './redis-server.js';

/** Whether clusters can be made: `redis-server` and `redis-cli` are on PATH. */
export const hasRedisCluster: boolean = hasRedisServer && spawnSync('redis-cli', ['--version']).status === 0;

/** A running Redis Cluster on loopback. */
export interface RedisCluster {
  /** `redis+cluster://…` with every node. */
  readonly url: string;
  /** The nodes in the order they were started; one that was killed is in its place until it is {@link restart}ed. */
  readonly nodes: readonly RedisServer[];
  /** The node that serves a slot, as a node that runs says. */
  masterOf(slot: number): Promise<RedisServer>;
  /** Resolves when each slot has a master and each node that runs says so. */
  whole(): Promise<void>;
  /** Starts a node anew that has ended, with what it knows of the cluster. */
  restart(port: number): Promise<void>;
  /** Starts a node that belongs to nobody yet, and is among {@link nodes} from now on. */
  startNode(): Promise<RedisServer>;
  /** `redis-cli --cluster COMMAND …`; throws what it says when it fails. */
  cli(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** @see startRedisCluster */
export interface RedisClusterOptions {
  readonly masters?: number;
  readonly replicasEach?: number;
  /** Milliseconds after which a node that is silent counts as gone. */
  readonly nodeTimeoutMs?: number;
  /** Further command line settings of the node at a port. `folder` is the cluster's own. */
  readonly settings?: (node: { readonly port: number; readonly folder: string }) => readonly string[];
}

/** Starts a cluster of `redis-server` processes, joined by `redis-cli --cluster create`. */
export async function startRedisCluster({
  masters = 3,
  replicasEach = 1,
  nodeTimeoutMs = 1_500,
  settings = () => [],
}: RedisClusterOptions = {}): Promise<RedisCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-cluster-'));
  const start = (port: number) =>
    startRedisServer({
      port,
      settings: [
        '--cluster-enabled',
        'yes',
        '--cluster-config-file',
        join(folder, `nodes-${port}.conf`),
        '--cluster-node-timeout',
        String(nodeTimeoutMs),
        '--repl-diskless-sync-delay',
        '0',
        ...settings({ port, folder }),
      ],
    });
  const nodes: RedisServer[] = [];
  for (let i = 0; i < masters * (1 + replicasEach); i++) nodes.push(await start(await clusterPort()));
  const addresses = () => nodes.map(({ port }) => `127.0.0.1:${port}`);
  const cluster: RedisCluster = {
    url: `redis+cluster://${addresses().join(',')}`,
    nodes,
    async masterOf(slot) {
      for (const { port } of nodes) {
        const ranges = await ask<[number, number, [string, number]][]>(port, 'CLUSTER', 'SLOTS').catch(
          () => [],
        );
        const master = ranges.find(([from, to]) => from <= slot && slot <= to)?.[2][1];
        const node = nodes.find((one) => one.port === master);
        if (node !== undefined) return node;
      }
      throw new Error(`no node serves slot ${slot}`);
    },
    async whole() {
      await until(async () => {
        const running = await Promise.all(
          nodes.map(({ port }) => ask<string>(port, 'CLUSTER', 'INFO').catch(() => undefined)),
        );
        const said = running.filter((info) => info !== undefined);
        return said.length > 0 && said.every((info) => info.includes('cluster_state:ok'));
      });
    },
    async restart(port) {
      nodes[nodes.findIndex((node) => node.port === port)] = await start(port);
    },
    async startNode() {
      const node = await start(await clusterPort());
      nodes.push(node);
      return node;
    },
    cli: (...args) => redisCli(args),
    async stop() {
      for (const node of nodes) await node.stop();
      await rm(folder, { recursive: true });
    },
  };
  await redisCli(['create', ...addresses(), '--cluster-replicas', String(replicasEach), '--cluster-yes']);
  await cluster.whole();
  await until(async () => {
    const infos = await Promise.all(nodes.map(({ port }) => ask<string>(port, 'INFO', 'replication')));
    return infos.every((info) => /master_link_status:up|role:master/.test(info));
  });
  return cluster;
}

/** Nodes talk to each other 10,000 ports above. */
async function clusterPort(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (port < 55_000) return port;
  }
}

async function ask<Reply>(port: number, ...command: [string, ...string[]]): Promise<Reply> {
  const redis = new Redis({ port, lazyConnect: true, retryStrategy: () => null, commandTimeout: 1_000 });
  redis.on('error', () => {});
  try {
    await redis.connect();
    return (await redis.call(...command)) as Reply;
  } finally {
    redis.disconnect();
  }
}

async function redisCli(args: readonly string[]): Promise<string> {
  const child = spawn('redis-cli', ['--cluster', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    output += String(chunk);
  });
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`redis-cli --cluster ${args.join(' ')}: ${output.slice(-500)}`);
  return output;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds().catch(() => false))) await new Promise((resolve) => setTimeout(resolve, 50));
}
