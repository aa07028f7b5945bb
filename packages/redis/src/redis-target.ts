import type { Redis, RedisOptions } from 'ioredis';
import { checkRedisOptions, optionsOfClient } from './redis-options.js';
import { parseRedisUrl, placeOfRedisUrl, redactRedisUrl } from './redis-url.js';

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

  private constructor({ keyPrefix, ...options }: RedisOptions, identity: string, problem?: Error) {
    this.options = options;
    this.keyPrefix = keyPrefix === '' ? undefined : keyPrefix;
    this.identity = identity;
    this.problem = problem;
  }

  /** @throws RangeError that names what is wrong and what is allowed, without user and password. */
  static of(setting: RedisSetting): RedisTarget {
    if (setting instanceof RedisTarget) return setting;
    const options = typeof setting === 'string' ? readUrl(setting, 'redis') : readOptions(setting);
    return new RedisTarget(options, identityOf(options));
  }

  /**
   * As {@link RedisTarget.of}, where a wrong URL must not throw: nothing can be sent there, and what is for it has the
   * identity it has when only user and password are wrong.
   *
   * @param name of the setting, for the problem
   */
  static ofUrl(url: string, name: string): RedisTarget {
    try {
      const options = readUrl(url, name);
      return new RedisTarget(options, identityOf(options));
    } catch (error) {
      const place = placeOfRedisUrl(url);
      const identity = place === undefined ? `unreadable ${redactRedisUrl(url)}` : identityOf(place);
      return new RedisTarget({}, identity, error as Error);
    }
  }
}

function readUrl(url: string, name: string): RedisOptions {
  try {
    return parseRedisUrl(url);
  } catch (error) {
    throw new RangeError(`${name}, ${redactRedisUrl(url)}, ${(error as Error).message}`);
  }
}

function readOptions(setting: unknown): RedisOptions {
  return checkRedisOptions(optionsOfClient(setting) ?? setting);
}

function identityOf({
  sentinels,
  name,
  host = 'localhost',
  port = 6379,
  path,
  db = 0,
}: RedisOptions): string {
  if (sentinels) {
    const places = sentinels.map((one) => `${one.host ?? 'localhost'}:${one.port ?? 26_379}`);
    return `sentinel ${places.sort().join(',')} ${name ?? ''}/${db}`;
  }
  return `${path ?? `${host.toLowerCase()}:${port}`}/${db}`;
}
