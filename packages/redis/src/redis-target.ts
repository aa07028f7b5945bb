import type { Redis, RedisOptions } from 'ioredis';
import { addressText, type ClusterPlace, type ClusterShard } from './cluster/cluster-place.js';
import { checkRedisOptions, optionsOfClient } from './redis-options.js';
import { parseRedisUrl, placeOfRedisUrl, type RedisPlace, redactRedisUrl } from './redis-url.js';

/** What may be said of the Redis to use: a URL, ioredis options, or a client of one server, whose options are taken. */
export type RedisSetting = string | RedisOptions | Redis | RedisTarget;

/** Which Redis is meant, and how it is reached. */
export class RedisTarget {
  /** For ioredis, without a key prefix. */
  readonly options: RedisOptions;
  /** Stands before every key, when the options said so. */
  readonly keyPrefix: string | undefined;
  /** Why it cannot be reached, whatever happens. */
  readonly problem: Error | undefined;

  /**
   * Names the data that are meant: topology, name and database, without user and password, since whoever changes these
   * still means the same.
   */
  readonly identity: string;
  /** A cluster: nothing is sent to it but to one of its {@link RedisTarget.ofShard shards}. */
  readonly clusterPlace: ClusterPlace | undefined;
  /** The shard of a cluster that is meant. */
  readonly cluster: ClusterShard | undefined;

  private constructor(place: RedisPlace, identity: string, problem?: Error, shard?: number) {
    const { keyPrefix, ...options } = place.options;
    this.options = options;
    this.keyPrefix = keyPrefix === '' ? undefined : keyPrefix;
    this.identity = identity;
    this.problem = problem;
    this.clusterPlace = place.cluster;
    this.cluster =
      shard === undefined || place.cluster === undefined
        ? undefined
        : { place: place.cluster, number: shard };
  }

  /** How many shards there are: of one server one. */
  get shards(): number {
    return this.clusterPlace?.shards ?? 1;
  }

  /** One shard of a cluster. */
  ofShard(shard: number): RedisTarget {
    const { options, clusterPlace } = this;
    const place = { options, ...(clusterPlace && { cluster: clusterPlace }) };
    return new RedisTarget(place, `${this.identity.replace(/\/s\d+$/, '')}/s${shard}`, this.problem, shard);
  }

  /** @throws RangeError that names what is wrong and what is allowed, without user and password. */
  static of(setting: RedisSetting): RedisTarget {
    if (setting instanceof RedisTarget) return setting;
    const place = typeof setting === 'string' ? readUrl(setting, 'redis') : { options: readOptions(setting) };
    return new RedisTarget(place, identityOf(place));
  }

  /**
   * As {@link RedisTarget.of}, where a wrong URL must not throw: nothing can be sent there, and what is for it has the
   * identity it has when only user and password are wrong.
   *
   * @param name of the setting, for the problem
   */
  static ofUrl(url: string, name: string): RedisTarget {
    try {
      const place = readUrl(url, name);
      return new RedisTarget(place, identityOf(place));
    } catch (error) {
      const place = placeOfRedisUrl(url);
      const identity = place === undefined ? `unreadable ${redactRedisUrl(url)}` : identityOf(place);
      return new RedisTarget({ options: {} }, identity, error as Error);
    }
  }
}

function readUrl(url: string, name: string): RedisPlace {
  try {
    return parseRedisUrl(url);
  } catch (error) {
    throw new RangeError(`${name}, ${redactRedisUrl(url)}, ${(error as Error).message}`);
  }
}

function readOptions(setting: unknown): RedisOptions {
  return checkRedisOptions(optionsOfClient(setting) ?? setting);
}

function identityOf({ options, cluster }: RedisPlace): string {
  if (cluster !== undefined) return `cluster ${cluster.nodes.map(addressText).sort().join(',')}`;
  const { sentinels, name, host = 'localhost', port = 6379, path, db = 0 } = options;
  if (sentinels) {
    const places = sentinels.map((one) => `${one.host ?? 'localhost'}:${one.port ?? 26_379}`);
    return `sentinel ${places.sort().join(',')} ${name ?? ''}/${db}`;
  }
  return `${path ?? `${host.toLowerCase()}:${port}`}/${db}`;
}
