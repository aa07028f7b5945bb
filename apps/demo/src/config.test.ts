import { expect, test } from 'vitest';
import { readConfig, redactRedisUrl } from './config.js';
import { DemoError } from './demo-error.js';

test('nothing set, or set to nothing, means the defaults', () => {
  const defaults = { port: 4690, seconds: 60, gatewayUrl: 'http://127.0.0.1:4680', redisUrl: undefined };
  expect(readConfig({})).toEqual(defaults);
  expect(readConfig({ DEMO_PORT: '', DEMO_SECONDS: '', TAILRACE_URL: '', REDIS_URL: '' })).toEqual(defaults);
});

test('every setting is read', () => {
  const config = readConfig({
    DEMO_PORT: '0',
    DEMO_SECONDS: '5',
    TAILRACE_URL: 'http://127.0.0.1:4692/',
    REDIS_URL: 'rediss://u:p@redis.example:6380/2',
  });
  expect(config).toEqual({
    port: 0,
    seconds: 5,
    gatewayUrl: 'http://127.0.0.1:4692',
    redisUrl: 'rediss://u:p@redis.example:6380/2',
  });
});

test.each([
  ['DEMO_PORT', 'http', /^DEMO_PORT is "http"; allowed: a whole number from 0 to 65535/],
  ['DEMO_PORT', '65536', /^DEMO_PORT is "65536"; allowed/],
  ['DEMO_SECONDS', '0', /^DEMO_SECONDS is "0"; allowed: a whole number from 1 to 3600$/],
  ['DEMO_SECONDS', '1.5', /^DEMO_SECONDS is "1\.5"; allowed/],
  ['DEMO_SECONDS', '-1', /^DEMO_SECONDS is "-1"; allowed/],
  ['TAILRACE_URL', '127.0.0.1:4680', /^TAILRACE_URL is not understood; allowed: http:/],
  ['TAILRACE_URL', 'ftp://gateway', /^TAILRACE_URL is not understood/],
  ['REDIS_URL', 'redis.example:6379', /^REDIS_URL is not understood; allowed: redis:/],
])('%s=%s is refused with what is allowed', (name, value, message) => {
  expect(() => readConfig({ [name]: value })).toThrow(DemoError);
  expect(() => readConfig({ [name]: value })).toThrow(message);
});

test.each(['TAILRACE_URL', 'REDIS_URL'])('a password in %s is never shown', (name) => {
  expect(() => readConfig({ [name]: 'http://u:secret@host' })).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('secret') }),
  );
  expect(redactRedisUrl('redis://u:secret@redis.example:6380/2')).toBe('redis://redis.example:6380/2');
});
