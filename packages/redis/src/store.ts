import { Redis, type RedisOptions } from 'ioredis';
import { addressText, shardTag } from './cluster/cluster-place.js';
import { optionsOf } from './cluster/shard-connector.js';
import { topologyOf } from './cluster/topology.js';
import { endOnFailedSelect } from './failed-select.js';
import { isElsewhere, isReply } from './redis-error.js';
import { RedisTarget } from './redis-target.js';
import { redactRedisUrl } from './redis-url.js';
import { StoreError } from './store-error.js';

/** A reader's connections to the engine that holds the data. */
export interface Store {
  /** For all that does not block. Without a connection its commands fail at once, and after two seconds without answer. */
  readonly redis: Redis;
  /** Name and version of the engine, such as `Valkey 9.1.1`. */
  readonly engineName: string;
  /** Opens a connection of its own for a command that blocks. */
  connectBlocking(): Redis;
  close(): void;
}

const BASE_OPTIONS = {
  replyMapping: 'legacy',
  connectTimeout: 3_000,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  reconnectOnError: isElsewhere,
  // It asks for INFO, which may not be permitted.
  enableReadyCheck: false,
  connectionName: 'tailrace-gateway',
} as const satisfies RedisOptions;
/** More than a tail blocks at a time. */
const BLOCKING_TIMEOUT_MS = 10_000;
const MAX_RETRY_DELAY_MS = 2_000;
const LOADING_POLL_MS = 200;
/** Redis 7.0; Valkey says the Redis version it is compatible with. */
const OLDEST_REDIS = 7;

/** What holds the data: one server, the master of a Sentinel group, or a Cluster. */
export type Topology = 'server' | 'sentinel' | 'cluster';

/** The shards of what holds the data, in the order of their numbers; one server is one shard. */
export interface Stores {
  readonly topology: Topology;
  readonly shards: readonly Store[];
  /** Of the first shard: a cluster is of one kind. */
  readonly engineName: string;
  /** `host:port` of each master of a cluster, as it was found last; none elsewhere. */
  masters(): readonly string[];
  close(): void;
}

/**
 * Connects to every shard, and keeps connected.
 *
 * @param report told when a connection is lost and when it is back
 * @throws StoreError when it cannot be reached, refuses us, or is too old.
 */
export async function openStores(url: string, report: (text: string) => void): Promise<Stores> {
  const target = RedisTarget.of(url);
  const { clusterPlace, options } = target;
  if (clusterPlace === undefined) {
    const store = await openStoreAt(target, url, report);
    return {
      topology: options.sentinels ? 'sentinel' : 'server',
      shards: [store],
      engineName: store.engineName,
      masters: () => [],
      close: () => store.close(),
    };
  }
  const opening = Array.from({ length: target.shards }, (_, shard) =>
    openStoreAt(target.ofShard(shard), url, (text) => report(`shard ${shardTag(shard)}: ${text}`)),
  );
  const settled = await Promise.allSettled(opening);
  const stores = settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  const failed = settled.find((one) => one.status === 'rejected');
  const close = () => {
    for (const store of stores) store.close();
  };
  if (failed !== undefined) {
    close();
    throw failed.reason;
  }
  return {
    topology: 'cluster',
    shards: stores,
    engineName: `${stores[0]?.engineName} Cluster`,
    masters: () => topologyOf(clusterPlace, options).masters.map(addressText).sort(),
    close,
  };
}

/**
 * Connects, and keeps connected, to one server.
 *
 * @param report told when the connection is lost and when it is back
 * @throws StoreError when it cannot be reached, refuses us, or is too old.
 */
export function openStore(url: string, report: (text: string) => void): Promise<Store> {
  return openStoreAt(RedisTarget.of(url), url, report);
}

async function openStoreAt(target: RedisTarget, url: string, report: (text: string) => void): Promise<Store> {
  const options = optionsOf(target);
  let isOpen = false;
  let lastError: Error | undefined;
  const redis = new Redis({
    ...options,
    ...BASE_OPTIONS,
    lazyConnect: true,
    enableOfflineQueue: false,
    commandTimeout: 2_000,
    retryStrategy: (times) => (isOpen ? retryDelayMs(times) : null),
    sentinelRetryStrategy: (times) => (isOpen ? retryDelayMs(times) : null),
  });
  redis.on('error', (error: Error) => {
    lastError = error;
  });
  endOnFailedSelect(redis);
  try {
    await redis.connect();
    const engineName = await engineNameOf(redis, target.cluster !== undefined);
    await untilLoaded(redis);
    isOpen = true;
    reportChanges(redis, report);
    return {
      redis,
      engineName,
      connectBlocking: () => openBlocking(options),
      close: () => redis.disconnect(),
    };
  } catch (error) {
    redis.disconnect();
    if (error instanceof StoreError) throw error;
    const said = reasonOf(lastError ?? error);
    const reason = said.startsWith('All sentinels')
      ? `no Sentinel answers that knows a master "${options.name}" (${said})`
      : said;
    throw new StoreError(`${redactRedisUrl(url)} cannot be used: ${reason}`, { cause: error });
  }
}

function openBlocking(options: RedisOptions): Redis {
  const connection = new Redis({
    ...options,
    ...BASE_OPTIONS,
    commandTimeout: BLOCKING_TIMEOUT_MS,
    retryStrategy: retryDelayMs,
  });
  // Whoever blocks on it sees the failure of its command, and the store's own connection reports it.
  connection.on('error', () => {});
  endOnFailedSelect(connection);
  return connection;
}

function retryDelayMs(times: number): number {
  return Math.min(50 * 2 ** times, MAX_RETRY_DELAY_MS);
}

function reportChanges(redis: Redis, report: (text: string) => void): void {
  let isUp = true;
  redis.on('close', () => {
    if (isUp && redis.status !== 'end') report('the connection to the store is lost; trying again');
    isUp = false;
  });
  redis.on('ready', () => {
    isUp = true;
    report('the store is back');
  });
}

/** @throws StoreError when it is too old. Who is permitted neither INFO nor HELLO is not told what it is. */
async function engineNameOf(redis: Redis, mayBeCluster: boolean): Promise<string> {
  const info = await unlessRefused(redis.info('server'));
  const fields = info === undefined ? await helloFields(redis) : infoFields(info);
  const redisVersion = fields.get('redis_version');
  if (redisVersion !== undefined && Number.parseInt(redisVersion, 10) < OLDEST_REDIS)
    throw new StoreError(`is a Redis ${redisVersion}; allowed: Redis 7.0 or newer, Valkey 7.2 or newer`);
  const isCluster = fields.get('redis_mode') === 'cluster';
  if (isCluster && !mayBeCluster)
    throw new StoreError(
      'is a node of a Cluster; allowed: one server, or redis+cluster:// before the addresses of its nodes',
    );
  const valkeyVersion = fields.get('valkey_version');
  if (valkeyVersion !== undefined) return `Valkey ${valkeyVersion}`;
  return redisVersion === undefined
    ? 'Redis or Valkey, which does not say its version'
    : `Redis ${redisVersion}`;
}

/** A reply of HELLO has names and values in turn. */
async function helloFields(redis: Redis): Promise<ReadonlyMap<string, string>> {
  const reply = ((await unlessRefused(redis.call('HELLO'))) ?? []) as readonly unknown[];
  const behind = (name: string) => reply[reply.indexOf(name) + 1];
  const version = reply.includes('version') ? String(behind('version')) : undefined;
  if (version === undefined) return new Map();
  return new Map([[behind('server') === 'valkey' ? 'valkey_version' : 'redis_version', version]]);
}

function infoFields(info: string): ReadonlyMap<string, string> {
  return new Map(info.split('\r\n').map((line) => line.split(':', 2) as [string, string]));
}

/** A server that has just started refuses everything but INFO until it has read its data. */
async function untilLoaded(redis: Redis): Promise<void> {
  for (;;) {
    const info = await unlessRefused(redis.info('persistence'));
    if (info === undefined || infoFields(info).get('loading') !== '1') return;
    await new Promise((resolve) => setTimeout(resolve, LOADING_POLL_MS));
  }
}

async function unlessRefused<T>(reply: Promise<T>): Promise<T | undefined> {
  try {
    return await reply;
  } catch (error) {
    if (isReply(error)) return undefined;
    throw error;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
