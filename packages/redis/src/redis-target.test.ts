import { Cluster, Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { type RedisSetting, RedisTarget } from './redis-target.js';

const SENTINELS = [
  { host: 'b', port: 26_379 },
  { host: 'a', port: 26_379 },
];

describe('RedisTarget', () => {
  it('is one and the same, however a server is named, and whoever asks', () => {
    const client = new Redis('redis://:secret@cache:6379/2', { lazyConnect: true });
    const settings: RedisSetting[] = [
      'redis://cache/2',
      'redis://other:pass@CACHE:6379?db=2',
      { host: 'cache', db: 2 },
      client,
    ];
    const identities = settings.map((setting) => RedisTarget.of(setting).identity);
    expect(new Set(identities)).toEqual(new Set(['cache:6379/2']));
    expect(RedisTarget.of(client).options).toMatchObject({ host: 'cache', password: 'secret', db: 2 });
  });

  it('tells databases, groups, sentinels and sockets apart, not the order of sentinels', () => {
    const settings: RedisSetting[] = [
      'redis://cache',
      'redis://cache?db=1',
      { path: '/run/redis.sock' },
      { sentinels: SENTINELS, name: 'orders' },
      { sentinels: SENTINELS, name: 'logs' },
      { sentinels: SENTINELS, name: 'logs', db: 1 },
      { sentinels: [{ host: 'c' }], name: 'logs' },
    ];
    expect(new Set(settings.map((setting) => RedisTarget.of(setting).identity)).size).toBe(settings.length);
    const reversed = { sentinels: [...SENTINELS].reverse(), name: 'logs' };
    expect(RedisTarget.of(reversed).identity).toBe(
      RedisTarget.of({ sentinels: SENTINELS, name: 'logs' }).identity,
    );
  });

  it('takes the key prefix out of the options', () => {
    const { options, keyPrefix } = RedisTarget.of({ host: 'cache', keyPrefix: 'app:' });
    expect({ options, keyPrefix }).toEqual({ options: { host: 'cache' }, keyPrefix: 'app:' });
  });

  it.each([
    [[{ host: 'cache' }], 'redis is an array; allowed: a URL'],
    [new (class RedisClient {})(), 'redis is of class RedisClient'],
    [new Map(), 'redis is of class Map'],
    [undefined, 'redis is undefined'],
    [null, 'redis is null'],
    [6379, 'redis is a number'],
    [{ hots: 'cache' }, 'redis.hots is no option of ioredis'],
    [{ url: 'redis://cache' }, 'redis.url is no option of ioredis'],
    [{ db: 'abc' }, 'redis.db is abc; allowed: a whole number from 0'],
    [{ port: 99_999 }, 'redis.port is 99999; allowed: a whole number from 1 to 65535'],
    [{ keyPrefix: 7 }, 'redis.keyPrefix is no text'],
    [{ sentinels: [] }, 'redis.sentinels is no list of addresses'],
  ])('refuses %o', (setting, message) => {
    const read = () => RedisTarget.of(setting as unknown as RedisSetting);
    expect(read).toThrow(RangeError);
    expect(read).toThrow(message);
  });

  it('refuses the client of a Cluster', () => {
    const cluster = new Cluster([{ host: 'cache' }], { lazyConnect: true });
    const read = () => RedisTarget.of(cluster as unknown as RedisSetting);
    expect(read).toThrow('redis is a client of a Cluster; allowed: a URL');
  });

  it('of a URL whose password is wrong has the identity it has when that is right', () => {
    const wrong = RedisTarget.ofUrl('redis://:se#cret@cache:6379/1', 'REDIS_URL');
    expect(wrong.identity).toBe(RedisTarget.of('redis://:se%23cret@cache:6379/1').identity);
    expect(wrong.problem?.message).toBe(
      'REDIS_URL, redis://cache:6379/1, has a # in its user or password; allowed: %23 in its place',
    );
    const nowhere = RedisTarget.ofUrl('redis://:secret@localhost:99999', 'REDIS_URL');
    expect(nowhere.identity).not.toBe(RedisTarget.of('redis://localhost').identity);
  });
});
