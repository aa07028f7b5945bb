import { Redis, type RedisOptions } from 'ioredis';
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
  connectionName: 'tailrace-gateway',
} as const satisfies RedisOptions;
/** More than a tail blocks at a time. */
const BLOCKING_TIMEOUT_MS = 10_000;
const MAX_RETRY_DELAY_MS = 2_000;
/** Redis 7.0; Valkey says the Redis version it is compatible with. */
const OLDEST_REDIS = 7;

/**
 * Connects, and keeps connected.
 *
 * @param report told when the connection is lost and when it is back
 * @throws StoreError when it cannot be reached, refuses us, or is too old.
 */
export async function openStore(url: string, report: (text: string) => void): Promise<Store> {
  let isOpen = false;
  let lastError: Error | undefined;
  const redis = new Redis(url, {
    ...BASE_OPTIONS,
    lazyConnect: true,
    enableOfflineQueue: false,
    commandTimeout: 2_000,
    retryStrategy: (times) => (isOpen ? retryDelayMs(times) : null),
  });
  redis.on('error', (error: Error) => {
    lastError = error;
  });
  try {
    await redis.connect();
    const engineName = engineNameOf(await redis.info('server'));
    // A database that does not exist is only an event: the connection would go on with database 0.
    if (lastError !== undefined) throw lastError;
    isOpen = true;
    reportChanges(redis, report);
    return {
      redis,
      engineName,
      connectBlocking: () => openBlocking(url),
      close: () => redis.disconnect(),
    };
  } catch (error) {
    redis.disconnect();
    if (error instanceof StoreError) throw error;
    const reason = reasonOf(lastError ?? error);
    throw new StoreError(`${redactRedisUrl(url)} cannot be used: ${reason}`, { cause: error });
  }
}

function openBlocking(url: string): Redis {
  const connection = new Redis(url, {
    ...BASE_OPTIONS,
    commandTimeout: BLOCKING_TIMEOUT_MS,
    retryStrategy: retryDelayMs,
  });
  // Whoever blocks on it sees the failure of its command, and the store's own connection reports it.
  connection.on('error', () => {});
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

function engineNameOf(info: string): string {
  const fields = new Map(info.split('\r\n').map((line) => line.split(':', 2) as [string, string]));
  const redisVersion = fields.get('redis_version') ?? '0';
  if (Number.parseInt(redisVersion, 10) < OLDEST_REDIS) {
    throw new StoreError(`is a Redis ${redisVersion}; allowed: Redis 7.0 or newer, Valkey 7.2 or newer`);
  }
  const valkeyVersion = fields.get('valkey_version');
  return valkeyVersion === undefined ? `Redis ${redisVersion}` : `Valkey ${valkeyVersion}`;
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
