import { type KnownToken, tokenDigest, tokenLine } from '@tailrace/api';
import { DEFAULT_RETENTION_DAYS } from '@tailrace/schema';
import { expect, test } from 'vitest';
import { readConfig } from './config.js';
import { StartError } from './start/start-error.js';

const KNOWN: KnownToken = { name: 'ci', scopes: ['read', 'write'], digest: tokenDigest('a token') };
const LINE = tokenLine(KNOWN);

test('nothing set, or set to nothing, means the defaults', () => {
  const defaults = {
    port: 4680,
    host: '127.0.0.1',
    allowRemote: false,
    allowedHosts: [],
    allowedOrigins: [],
    firstToken: false,
    tokensFile: undefined,
    tokens: [],
    trustedProxies: [],
    redisUrl: undefined,
    enginePort: undefined,
    auditDir: 'tailrace-data/audit',
    dataDir: 'tailrace-data',
    hashKey: undefined,
    hotHours: 24,
    archiveTo: undefined,
    keyPrefix: '',
    alertRules: undefined,
    alertAllowedAddresses: [],
    processFiguresS: undefined,
    maxFollowers: 1000,
    maxSearches: 128,
    maxJoins: 32,
    maxExports: 16,
    maxClientShare: 25,
    stallTimeoutS: 60,
    maxHeldBodyBytes: 64 * 1024 * 1024,
    syslogFrom: [],
    syslogOutFilter: {},
    syslogOutBody: 'json',
    retentionDays: DEFAULT_RETENTION_DAYS,
  };
  expect(readConfig({})).toEqual(defaults);
  expect(readConfig({ PORT: '', HOST: '', REDIS_URL: '', ENGINE_PORT: '', LOG_RETENTION_DAYS: '' })).toEqual(
    defaults,
  );
});

test('every setting is read', () => {
  const config = readConfig({
    PORT: '0',
    HOST: '0.0.0.0',
    ALLOW_REMOTE: '1',
    ALLOWED_HOSTS: 'logs.example, [2001:db8::1]',
    ALLOWED_ORIGINS: 'https://app.example,http://localhost:3000',
    FIRST_TOKEN: '1',
    TOKENS_FILE: '/etc/tailrace/tokens',
    LOG_TOKENS: `${LINE}; ${LINE}`,
    TRUSTED_PROXIES: '10.0.0.0/8, ::1',
    REDIS_URL: 'rediss://u:p@redis.example:6380/2',
    ENGINE_PORT: '0',
    AUDIT_DIR: '/srv/audit',
    DATA_DIR: '/var/lib/tailrace',
    LOG_HASH_KEY: 'a key of at least so many letters as are asked for',
    HOT_HOURS: '48',
    ARCHIVE_TO: '/mnt/old',
    KEY_PREFIX: 'app1:',
    ALERT_RULES: '/etc/tailrace/rules.yaml',
    ALERT_ALLOWED_ADDRESSES: '10.0.0.0/8, 127.0.0.1',
    PROCESS_FIGURES_S: '60',
    MAX_HELD_BODY_BYTES: '20000000',
    MAX_FOLLOWERS: '0',
    MAX_SEARCHES: '10',
    MAX_JOINS: '5',
    MAX_EXPORTS: '3',
    MAX_CLIENT_SHARE: '100',
    STALL_TIMEOUT_S: '5',
    SYSLOG_TCP: '6514',
    SYSLOG_TLS: '[::]:6515',
    SYSLOG_UDP: '192.0.2.1:0',
    SYSLOG_TLS_CERT: '/etc/tailrace/cert.pem',
    SYSLOG_TLS_KEY: '/etc/tailrace/key.pem',
    SYSLOG_TLS_CA: '/etc/tailrace/ca.pem',
    SYSLOG_FROM: '10.0.0.0/8, ::1',
    SYSLOG_TIME_ZONE: 'Europe/Vienna',
    SYSLOG_OUT: 'tls://siem.example:6514',
    SYSLOG_OUT_FILTER: 'min_level=warn&component!=noise',
    SYSLOG_OUT_BODY: 'cef',
    SYSLOG_OUT_CA: '/etc/tailrace/siem.pem',
    SYSLOG_OUT_STATE: '/var/lib/sent',
    LOG_RETENTION_DAYS: 'requests=3, audit=100',
  });
  expect(config).toEqual({
    port: 0,
    host: '0.0.0.0',
    allowRemote: true,
    allowedHosts: ['logs.example', '[2001:db8::1]'],
    allowedOrigins: ['https://app.example', 'http://localhost:3000'],
    firstToken: true,
    tokensFile: '/etc/tailrace/tokens',
    tokens: [KNOWN, KNOWN],
    trustedProxies: ['10.0.0.0/8', '::1'],
    redisUrl: 'rediss://u:p@redis.example:6380/2',
    enginePort: 0,
    auditDir: '/srv/audit',
    dataDir: '/var/lib/tailrace',
    hashKey: 'a key of at least so many letters as are asked for',
    hotHours: 48,
    archiveTo: '/mnt/old',
    keyPrefix: 'app1:',
    alertRules: '/etc/tailrace/rules.yaml',
    alertAllowedAddresses: ['10.0.0.0/8', '127.0.0.1'],
    processFiguresS: 60,
    maxFollowers: 0,
    maxSearches: 10,
    maxJoins: 5,
    maxExports: 3,
    maxClientShare: 100,
    stallTimeoutS: 5,
    maxHeldBodyBytes: 20_000_000,
    syslogTcp: { host: '127.0.0.1', port: 6514 },
    syslogTls: { host: '::', port: 6515 },
    syslogUdp: { host: '192.0.2.1', port: 0 },
    syslogTlsCert: '/etc/tailrace/cert.pem',
    syslogTlsKey: '/etc/tailrace/key.pem',
    syslogTlsCa: '/etc/tailrace/ca.pem',
    syslogFrom: ['10.0.0.0/8', '::1'],
    syslogTimeZone: 'Europe/Vienna',
    syslogOut: { protocol: 'tls', host: 'siem.example', port: 6514 },
    syslogOutFilter: { min_level: 'WARNING', 'component!': 'noise' },
    syslogOutBody: 'cef',
    syslogOutCa: '/etc/tailrace/siem.pem',
    syslogOutState: '/var/lib/sent',
    retentionDays: { ...DEFAULT_RETENTION_DAYS, requests: 3, audit: 100 },
  });
});

test('a folder for data is the default of the embedded engine alone, and empty means none', () => {
  expect(readConfig({ REDIS_URL: 'redis://127.0.0.1' }).dataDir).toBeUndefined();
  expect(readConfig({ DATA_DIR: '' }).dataDir).toBeUndefined();
  expect(readConfig({ DATA_DIR: 'x', REDIS_URL: 'redis://127.0.0.1' }).dataDir).toBe('x');
  expect(() => readConfig({ HOT_HOURS: '0' })).toThrow(
    'HOT_HOURS is "0"; allowed: a whole number from 1 to 87600',
  );
});

test.each([
  ['PORT', 'http', /^PORT is "http"; allowed: .*65535/],
  ['PORT', '65536', /^PORT is "65536"; allowed/],
  ['PORT', '-1', /^PORT is "-1"; allowed/],
  ['ENGINE_PORT', '70000', /^ENGINE_PORT is "70000"; allowed: .*65535/],
  ['HOST', '0.0.0.0', /^HOST is "0\.0\.0\.0"; allowed: 127\.0\.0\.1.*ALLOW_REMOTE=1/],
  ['HOST', 'example.com', /^HOST is "example\.com"; allowed/],
  [
    'LOG_TOKENS',
    `ci read tailrace_${'a'.repeat(43)}`,
    /^LOG_TOKENS: line 1 is not understood; allowed: name scopes/,
  ],
  ['LOG_TOKENS', ';', /^LOG_TOKENS has no token; allowed/],
  ['TRUSTED_PROXIES', '10.0.0.0/33', /^TRUSTED_PROXIES: "10\.0\.0\.0\/33" is no address; allowed/],
  ['TRUSTED_PROXIES', 'proxy.example', /^TRUSTED_PROXIES: "proxy\.example" is no address/],
  ['TRUSTED_PROXIES', '10.0.0.1,', /^TRUSTED_PROXIES: "" is no address/],
  ['ALLOW_REMOTE', 'perhaps', /^ALLOW_REMOTE is "perhaps"; allowed: 1 or 0/],
  ['MAX_HELD_BODY_BYTES', '1000', /^MAX_HELD_BODY_BYTES is "1000"; allowed: a whole number from 10485760/],
  ['ALLOWED_HOSTS', 'http://logs.example', /^ALLOWED_HOSTS: "http:\/\/logs\.example" is no host; allowed/],
  ['ALLOWED_HOSTS', 'logs.example:80', /^ALLOWED_HOSTS: "logs\.example:80" is no host/],
  ['ALLOWED_HOSTS', ',', /^ALLOWED_HOSTS: "" is no host/],
  ['ALLOWED_ORIGINS', '*', /^ALLOWED_ORIGINS: "\*" is no origin; allowed: such as https/],
  ['ALLOWED_ORIGINS', 'https://app.example/', /^ALLOWED_ORIGINS: "https:\/\/app\.example\/" is no origin/],
  ['ALLOWED_ORIGINS', 'null', /^ALLOWED_ORIGINS: "null" is no origin/],
  ['FIRST_TOKEN', '1', /^FIRST_TOKEN is set without TOKENS_FILE/],
  ['REDIS_URL', 'redis.example:6379', /^REDIS_URL, .*, does not begin with redis:.*; allowed: redis:/],
  ['REDIS_URL', 'redis://', /^REDIS_URL, redis:\/\/, has no host/],
  ['REDIS_URL', 'redis://host/abc', /^REDIS_URL, redis:\/\/host\/abc, names the database "abc"; allowed/],
  ['REDIS_URL', 'redis://host:99999', /^REDIS_URL, redis:\/\/host:99999, has the port "99999"; allowed/],
  ['KEY_PREFIX', 'a{b}', /^KEY_PREFIX: .*"a\{b\}"; allowed/],
  ['LOG_RETENTION_DAYS', 'request=3', /^LOG_RETENTION_DAYS: .*"request" is unknown; allowed: requests/],
])('%s=%s is refused with what is allowed', (name, value, message) => {
  expect(() => readConfig({ [name]: value })).toThrow(StartError);
  expect(() => readConfig({ [name]: value })).toThrow(message);
});

test('with tokens it answers to any host, unless it is told to which', () => {
  expect(readConfig({ LOG_TOKENS: LINE }).allowedHosts).toEqual(['*']);
  expect(readConfig({ LOG_TOKENS: LINE, ALLOWED_HOSTS: 'a.example' }).allowedHosts).toEqual(['a.example']);
  expect(readConfig({ HOST: '0.0.0.0', ALLOW_REMOTE: '1' }).allowedHosts).toEqual([]);
});

test('with tokens any address may be listened on', () => {
  expect(readConfig({ HOST: '0.0.0.0', LOG_TOKENS: LINE }).host).toBe('0.0.0.0');
  expect(readConfig({ HOST: '0.0.0.0', TOKENS_FILE: 'tokens' }).allowRemote).toBe(false);
});

test('a token in the place of its hash is not shown', () => {
  expect(() => readConfig({ LOG_TOKENS: 'ci read tailrace_secret' })).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('secret') }),
  );
});

test.each([
  'http://u:secret@host',
  'redis://:secret#@host',
  'redis://:secret/@host',
  'redis://:secret?@host',
  'redis://:secret%@host',
  'redis://:secret@host:99999',
])('the password in REDIS_URL=%s is not shown', (url) => {
  expect(() => readConfig({ REDIS_URL: url })).toThrow(StartError);
  expect(() => readConfig({ REDIS_URL: url })).not.toThrow(/secret/);
});
