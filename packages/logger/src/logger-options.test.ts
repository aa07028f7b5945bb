import { afterEach, describe, expect, it, vi } from 'vitest';
import { type LoggerOptions, resolveOptions } from './logger-options.js';

describe('resolveOptions', () => {
  it.each([
    [{ flushIntervalMs: 0 }, 'flushIntervalMs is 0; allowed: a whole number from 1 to 60000'],
    [{ maxBatchEntries: 1.5 }, 'maxBatchEntries is 1.5; allowed: a whole number from 1 to 5000'],
    [{ maxQueueBytes: '64MB' }, 'maxQueueBytes is 64MB; allowed'],
    [{ level: 'LOUD' }, 'level is LOUD; allowed: TRACE, DEBUG'],
    [{ redis: 'localhost:6379' }, 'redis, a text that is no URL of a Redis, does not begin with redis:// or'],
    [{ redis: '/tmp/redis.sock' }, 'allowed: redis://[user:password@]host'],
    [{ flushInterval: 5 }, 'flushInterval is no option; allowed: redis, level'],
    [{ retentionDays: { requests: -1 } }, 'retentionDays.requests is -1; allowed'],
    [{ indexSettings: { slowMs: 'x' } }, 'indexSettings.slowMs is x; allowed'],
    [{ redis: undefined }, 'redis is undefined; allowed: a URL'],
    [{ redis: { hots: 'cache' } }, 'redis.hots is no option of ioredis'],
    [{ redis: { keyPrefix: 'app:' }, keyPrefix: 'log:' }, 'keyPrefix is "log:" and redis.keyPrefix "app:"'],
    [{ onError: 'x' }, 'onError must be a function'],
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
