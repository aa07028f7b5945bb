import type { RedisOptions } from 'ioredis';

/** Every option of ioredis for one server or a Sentinel group. */
const NAMES = {
  Connector: true,
  autoPipeliningIgnoredCommands: true,
  autoResendUnfulfilledCommands: true,
  autoResubscribe: true,
  blockingTimeout: true,
  blockingTimeoutGrace: true,
  clientInfoTag: true,
  commandQueue: true,
  commandTimeout: true,
  connectTimeout: true,
  connectionName: true,
  db: true,
  disableClientInfo: true,
  disconnectTimeout: true,
  enableAutoPipelining: true,
  enableOfflineQueue: true,
  enableReadyCheck: true,
  enableTLSForSentinelMode: true,
  failoverDetector: true,
  family: true,
  himportFieldsets: true,
  host: true,
  keepAlive: true,
  keyPrefix: true,
  lazyConnect: true,
  maxLoadingRetryTime: true,
  maxRetriesPerRequest: true,
  monitor: true,
  name: true,
  natMap: true,
  noDelay: true,
  offlineQueue: true,
  password: true,
  path: true,
  port: true,
  preferredSlaves: true,
  protocol: true,
  readOnly: true,
  reconnectOnError: true,
  replyMapping: true,
  retryStrategy: true,
  role: true,
  scripts: true,
  sentinelCommandTimeout: true,
  sentinelMaxConnections: true,
  sentinelPassword: true,
  sentinelReconnectStrategy: true,
  sentinelRetryStrategy: true,
  sentinelTLS: true,
  sentinelUsername: true,
  sentinels: true,
  showFriendlyErrorStack: true,
  socketTimeout: true,
  stringNumbers: true,
  tls: true,
  updateSentinels: true,
  username: true,
} as const satisfies Readonly<Record<keyof RedisOptions, true>>;

const ALLOWED =
  'allowed: a URL that begins with redis:// or rediss://, ioredis options, or an ioredis client of one server';

/**
 * @returns the options, without those that are `undefined` or `null`
 * @throws RangeError naming the option, its value and what is allowed.
 */
export function checkRedisOptions(given: unknown): RedisOptions {
  if (typeof given !== 'object' || given === null || Array.isArray(given) || !isPlain(given))
    throw new RangeError(`redis is ${kindOf(given)}; ${ALLOWED}`);
  const options = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined && value !== null),
  );
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(NAMES, name));
  if (unknown !== undefined) throw new RangeError(`redis.${unknown} is no option of ioredis; ${ALLOWED}`);
  const { db = 0, port = 6379, keyPrefix = '', sentinels } = options as Record<string, unknown>;
  checkNumber('db', db, 0, 2 ** 31);
  checkNumber('port', port, 1, 65_535);
  if (typeof keyPrefix !== 'string') throw new RangeError('redis.keyPrefix is no text; allowed: a text');
  if (sentinels !== undefined && (!Array.isArray(sentinels) || sentinels.length === 0))
    throw new RangeError('redis.sentinels is no list of addresses; allowed: at least one { host, port }');
  return options;
}

/**
 * The options of an ioredis client, of whatever copy of the package; what only that client knows is left out.
 *
 * @returns `undefined` for anything else
 */
export function optionsOfClient(given: unknown): RedisOptions | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const { options, duplicate } = given as Record<string, unknown>;
  if (typeof duplicate !== 'function' || typeof options !== 'object' || options === null) return undefined;
  // Always there in the options of a Redis, and in those of no Cluster and of no client of another library.
  if (!Object.hasOwn(options, 'enableReadyCheck') || !Object.hasOwn(options, 'sentinels')) return undefined;
  return Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(NAMES, name)));
}

function checkNumber(name: string, value: unknown, min: number, max: number): void {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return;
  throw new RangeError(`redis.${name} is ${String(value)}; allowed: a whole number from ${min} to ${max}`);
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  if ((value as { isCluster?: unknown }).isCluster === true) return 'a client of a Cluster';
  return Array.isArray(value) ? 'an array' : `of class ${value.constructor?.name ?? 'without a name'}`;
}
