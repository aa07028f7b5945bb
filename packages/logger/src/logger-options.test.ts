import { afterEach, describe, expect, it, vi } from 'vitest';
import { type LoggerOptions, resolveOptions } from './logger-options.js';

describe('resolveOptions', () => {
  it.each([
    [{ flushIntervalMs: 0 }, 'flushIntervalMs is 0; allowed: a whole number from 1 to 60000'],
    [{ maxBatchEntries: 1.5 }, 'maxBatchEntries is 1.5; allowed: a whole number from 1 to 5000'],
    [{ maxQueueBytes: '64MB' }, 'maxQueueBytes is 64MB; allowed'],
    [{ level: 'LOUD' }, 'level is LOUD; allowed: TRACE, DEBUG'],
    [
      { redis: 'localhost:6379' },
      'redis, a text that is no URL of a Redis, does not begin with redis://, rediss',
    ],
    [{ redis: '/tmp/redis.sock' }, 'allowed: redis://[user:password@]host'],
    [{ flushInterval: 5 }, 'flushInterval is no option; allowed: redis, level'],
    [{ retentionDays: { requests: -1 } }, 'retentionDays.requests is -1; allowed'],
    [{ indexSettings: { slowMs: 'x' } }, 'indexSettings.slowMs is x; allowed'],
    [{ redis: { hots: 'cache' } }, 'redis.hots is no option of ioredis'],
    [{ redis: { keyPrefix: 'app:' }, keyPrefix: 'log:' }, 'keyPrefix is "log:" and redis.keyPrefix "app:"'],
    [{ onError: 'x' }, 'onError is a text; allowed: a function'],
    [{ redact: ['pin'] }, 'redact is a list; allowed: { names, paths, hashed, hashKey }'],
    [{ retentionDays: 7 }, 'retentionDays is a number; allowed: { requests, errors, oauth, audit, stats }'],
    [{ indexSettings: null }, 'indexSettings is null; allowed: { slowMs }'],
    [{ levels: 'INFO' }, 'levels is a text; allowed: an object of levels by component'],
    [{ levels: { db: 'loud' } }, 'levels.db is loud; allowed: TRACE, DEBUG'],
    [{ sampling: {} }, 'sampling is an object; allowed: a list of rules'],
    [{ foldRepeats: true }, 'foldRepeats is true; allowed: { windowMs, maxPerWindow } or false'],
    [{ level: Symbol('s') }, 'level is Symbol(s); allowed: TRACE'],
    [{ console: { toString: 1 } }, 'console is an object; allowed: pretty, json, false'],
  ])('refuses %j and says what is allowed', (wrong, message) => {
    const options = { redis: 'redis://127.0.0.1', ...wrong } as unknown as LoggerOptions;
    expect(() => resolveOptions(options)).toThrow(message);
  });

  it('takes the key prefix of ioredis for ours', () => {
    expect(resolveOptions({ redis: { keyPrefix: 'app:' } })).toMatchObject({
      keyPrefix: 'app:',
      redis: { options: {} },
    });
  });

  it.each([null, 'text', ['redis://127.0.0.1'], 5])('refuses %j in place of options', (options) => {
    expect(() => resolveOptions(options as never)).toThrow(/^the options are .*; allowed: \{ redis, level/);
  });

  it('takes names of levels in any case', () => {
    const { level, levels } = resolveOptions({ level: 'debug', levels: { db: 'warning' } });
    expect({ level, levels }).toEqual({ level: 'DEBUG', levels: { db: 'WARNING' } });
  });

  it('takes REDIS_URL where no server is named', () => {
    vi.stubEnv('REDIS_URL', 'redis://127.0.0.1:4999');
    expect(resolveOptions({ level: 'DEBUG' }).redis.options).toMatchObject({ port: 4999 });
    expect(resolveOptions().redis.options).toMatchObject({ port: 4999 });
    vi.stubEnv('REDIS_URL', '');
    expect(resolveOptions({}).redis.options).toMatchObject({ port: 6379 });
    vi.unstubAllEnvs();
  });

  it('takes an option that is undefined for one that is not given', () => {
    const options = { redis: 'redis://127.0.0.1', level: undefined } as unknown as LoggerOptions;
    expect(resolveOptions(options).level).toBe('INFO');
  });

  describe('the key of hashed secrets', () => {
    const redis = 'redis://127.0.0.1';
    const key = 'sixteen bytes or more';

    afterEach(() => {
      vi.unstubAllEnvs();
      vi.restoreAllMocks();
    });

    it('is LOG_HASH_KEY where the options name none', () => {
      vi.stubEnv('LOG_HASH_KEY', key);
      expect(resolveOptions({ redis, redact: { names: ['pin'] } }).redact).toEqual({
        names: ['pin'],
        hashKey: key,
      });
      expect(resolveOptions({ redis, redact: { hashKey: 'another sixteen.' } }).redact.hashKey).toBe(
        'another sixteen.',
      );
    });

    it('is not LOG_HASH_KEY when that is too short, which is said without it', () => {
      vi.stubEnv('LOG_HASH_KEY', 'tooshort');
      const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
      expect(resolveOptions({ redis }).redact.hashKey).toBeUndefined();
      expect(stderr.mock.calls.join()).toMatch(/^tailrace logger: LOG_HASH_KEY is shorter than 16 bytes/);
      expect(stderr.mock.calls.join()).not.toContain('tooshort');
    });
  });
});
