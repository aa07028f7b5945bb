import { type EmbeddedEngine, startEmbeddedEngine } from '@tailrace/embedded';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let engine: EmbeddedEngine;
let redis: Redis;

beforeAll(async () => {
  engine = await startEmbeddedEngine();
  redis = new Redis(engine.url);
});

afterAll(async () => {
  redis.disconnect();
  await engine.stop();
});

describe('the embedded engine', () => {
  it('runs a script by its hash', async () => {
    const sha = await redis.script('LOAD', "return redis.call('INCRBY', KEYS[1], ARGV[1])");
    expect(await redis.evalsha(sha as string, 1, 'script:counter', 5)).toBe(5);
    await expect(redis.evalsha('0'.repeat(40), 0)).rejects.toThrow(/^NOSCRIPT/);
  });

  it('gives scripts cjson, cmsgpack, struct and errors to catch', async () => {
    const script = `
      local ok = pcall(redis.call, 'INCR')
      return {
        tostring(ok),
        cjson.encode({ at = 1795203843180 }),
        cjson.decode('{"a":[1,2]}').a[2],
        cmsgpack.unpack(cmsgpack.pack(1795203843180)),
        (struct.unpack('>I4', struct.pack('>I4', 7))),
      }`;
    expect(await redis.eval(script, 0)).toEqual(['false', '{"at":1795203843180}', 2, 1795203843180, 7]);
  });

  it('keeps milliseconds since 1970 exact through scores, scripts and expiry', async () => {
    const at = 1795203843180;
    const script = "redis.call('ZADD', KEYS[1], ARGV[1], 'm'); return redis.call('ZSCORE', KEYS[1], 'm')";
    expect(await redis.eval(script, 1, 'ms:zset', at)).toBe(String(at));
    expect(await redis.eval('return tonumber(ARGV[1]) + 1', 0, at)).toBe(at + 1);
    await redis.set('ms:key', 'v', 'PXAT', at * 2);
    expect(await redis.call('PEXPIRETIME', 'ms:key')).toBe(at * 2);
  });

  it('keeps streams, transactions, HyperLogLogs and hashes', async () => {
    const id = await redis.xadd('cmd:stream', 'MAXLEN', '~', 1000, '*', 'data', '{}');
    expect(await redis.xrange('cmd:stream', '-', '+')).toEqual([[id, ['data', '{}']]]);
    const transaction = await redis.multi().incr('cmd:n').incr('cmd:n').exec();
    expect(transaction).toEqual([
      [null, 1],
      [null, 2],
    ]);
    await redis.pfadd('cmd:hll', ...Array.from({ length: 1000 }, (_, n) => `ip-${n}`));
    expect(Math.abs((await redis.pfcount('cmd:hll')) - 1000)).toBeLessThan(50);
    await redis.hset('cmd:hash', { user_agent: 'x'.repeat(200) });
    expect(await redis.object('ENCODING', 'cmd:hash')).toBe('listpack');
  });

  it('stays where it listens when CONFIG SET moves it', async () => {
    await expect(redis.config('SET', 'port', '1')).rejects.toThrow('Unable to listen');
    await redis.config('SET', 'bind', '127.0.0.1');
    const other = new Redis(engine.url);
    expect(await other.ping()).toBe('PONG');
    other.disconnect();
  });
});
