import { describe, expect, it } from 'vitest';
import { parseRedisUrl, redactRedisUrl } from './redis-url.js';

describe('parseRedisUrl', () => {
  it.each([
    ['redis://localhost', { host: 'localhost', port: 6379, db: 0 }],
    ['redis://Cache.example:6380/2', { host: 'cache.example', port: 6380, db: 2 }],
    ['rediss://cache.example', { host: 'cache.example', port: 6379, db: 0, tls: {} }],
    ['redis://[::1]:6380/', { host: '::1', port: 6380, db: 0 }],
    ['redis://cache?db=3&family=6', { host: 'cache', port: 6379, db: 3, family: 6 }],
    ['redis://:p%23%2F%25@cache', { host: 'cache', port: 6379, db: 0, password: 'p#/%' }],
    [
      'redis+sentinel://u:p@s1,S2:26380/main',
      {
        sentinels: [
          { host: 's1', port: 26_379 },
          { host: 's2', port: 26_380 },
        ],
        name: 'main',
        db: 0,
        username: 'u',
        password: 'p',
      },
    ],
    [
      'rediss+sentinel://[::1]/a%20b/3?sentinel_user=su&sentinel_password=sp',
      {
        sentinels: [{ host: '::1', port: 26_379 }],
        name: 'a b',
        db: 3,
        tls: {},
        sentinelTLS: {},
        enableTLSForSentinelMode: true,
        sentinelUsername: 'su',
        sentinelPassword: 'sp',
      },
    ],
    ['redis://logs:a:b@cache', { host: 'cache', port: 6379, db: 0, username: 'logs', password: 'a:b' }],
  ])('%s', (url, options) => {
    expect(parseRedisUrl(url)).toEqual({ options });
  });

  it('reads the nodes of a Cluster, its shards and where nodes are reached', () => {
    expect(
      parseRedisUrl(
        'rediss+cluster://u:p@N1,[::1]:7001/?shards=32&nat=10.0.0.1:6379/gate:7001,10.0.0.2/gate:7002',
      ),
    ).toEqual({
      options: { username: 'u', password: 'p', tls: {} },
      cluster: {
        nodes: [
          { host: 'n1', port: 6379 },
          { host: '::1', port: 7001 },
        ],
        shards: 32,
        natMap: {
          '10.0.0.1:6379': { host: 'gate', port: 7001 },
          '10.0.0.2:6379': { host: 'gate', port: 7002 },
        },
      },
    });
    expect(parseRedisUrl('redis+cluster://a').cluster).toEqual({
      nodes: [{ host: 'a', port: 6379 }],
      shards: 16,
      natMap: {},
    });
  });

  it.each([
    ['redis+cluster://:secret@a/1', 'names the database "1"; allowed: none, a Cluster has only one'],
    ['redis+cluster://:secret@a,', 'has no host'],
    ['redis+cluster://:secret@a?shards=0', 'has shards "0"; allowed: a whole number from 1 to 16384'],
    ['redis+cluster://:secret@a?shards=x', 'has shards "x"'],
    [
      'redis+cluster://:secret@a?nat=10.0.0.1',
      'has nat "10.0.0.1"; allowed: the address a node says of itself',
    ],
    ['redis+cluster://:secret@a?db=1', 'has the parameter "db"; allowed: shards, nat'],
    ['redis://:se#cret@cache:6379', 'has a # in its user or password; allowed: %23 in its place'],
    ['redis://u:1#secret@cache', 'has a # in its user'],
    ['redis://:se/cret@cache', 'has a / in its user'],
    ['redis://:se?cret@cache', 'has a ? in its user'],
    ['redis://:se@cret@cache', 'has a @ in its user'],
    ['redis://:se%cret@cache', 'has a % in its user'],
    ['redis://:secret@cache:99999', 'has the port "99999"; allowed: a whole number from 1 to 65535'],
    ['redis://:secret@cache:0', 'has the port "0"'],
    ['redis://:secret@cache/abc', 'names the database "abc"; allowed: a whole number from 0'],
    ['redis://:secret@cache/1?db=2', 'names two databases, 1 and 2'],
    ['redis://:secret@cache?db=x', 'names the database "x"'],
    ['redis://:secret@cache?keyprefix=a', 'has the parameter "keyprefix"; allowed: db, family'],
    ['redis://:secret@', 'has no host'],
    ['redis://:secret@ca che', 'has no host'],
    ['redis://:secret@cache#0', 'has a #'],
    [':secret@cache', 'does not begin with redis://, rediss://'],
    ['redis+sentinel://:secret@a,b', 'names no master behind its Sentinels'],
    ['redis+sentinel://:secret@a,b/main/0/x', 'names no master behind its Sentinels'],
    ['redis+sentinel://:secret@a:0/main', 'has the port "0"'],
    ['redis+sentinel://:secret@a,/main', 'has no host'],
    [
      'redis+sentinel://:secret@a/main?db=2',
      'has the parameter "db"; allowed: sentinel_user, sentinel_password',
    ],
  ])('refuses %s in words without the password', (url, message) => {
    const read = () => parseRedisUrl(url);
    expect(read).toThrow(RangeError);
    expect(read).toThrow(message);
    expect(read).not.toThrow(/cret/);
    expect(redactRedisUrl(url)).not.toContain('cret');
  });
});

it.each([
  ['redis://u:secret@redis.example:6380/2', 'redis://redis.example:6380/2'],
  ['redis://:se#cret@cache:6379?password=secret', 'redis://cache:6379'],
  ['redis+sentinel://u:secret@a,b:2/main?sentinel_password=secret', 'redis+sentinel://a,b:2/main'],
  ['secret', 'a text that is no URL of a Redis'],
])('%s is shown as %s', (url, shown) => {
  expect(redactRedisUrl(url)).toBe(shown);
});
