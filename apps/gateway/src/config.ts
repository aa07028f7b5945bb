import { join } from 'node:path';
import { type KnownToken, parseTokenLines } from '@tailrace/api';
import { parseRedisUrl, redactRedisUrl } from '@tailrace/redis';
import { DEFAULT_RETENTION_DAYS, Keyspace, parseRetentionDays, type RetentionDays } from '@tailrace/schema';
import { isHashKey, MIN_HASH_KEY_BYTES } from '@tailrace/writer';
import { countParser, flagParser, listOf, listParser, named, portParser } from './config-parsers.js';
import { addressList } from './http/auth/address-list.js';
import { ANY_HOST, hostList } from './http/auth/host-list.js';
import { DEFAULT_MAX_HELD_BODY_BYTES, MAX_BODY_BYTES } from './http/body/held-bodies.js';
import { DEFAULT_MAX_AT_ONCE, DEFAULT_MAX_CLIENT_SHARE } from './http/load-bounds.js';
import { isLoopback } from './http/loopback.js';
import { StartError } from './start/start-error.js';
import {
  addressParser,
  checkSyslogConfig,
  parseSyslogTimeZone,
  type SyslogAddress,
  type SyslogConfig,
} from './syslog/syslog-address.js';
import {
  parseSyslogOut,
  parseSyslogOutBody,
  parseSyslogOutFilter,
  type SyslogOutConfig,
} from './syslog-out/syslog-out-config.js';

/** Everything that can be set about the gateway. */
export interface GatewayConfig extends SyslogConfig, SyslogOutConfig {
  /** `PORT`; 0 picks a free one. @default 4680 */
  readonly port: number;
  /** `HOST`: the address to listen on. @default 127.0.0.1 */
  readonly host: string;
  /** `ALLOW_REMOTE`: listen on other than loopback without tokens, only behind something that authenticates. @default false */
  readonly allowRemote: boolean;
  /** `ALLOWED_HOSTS`: host names and addresses it answers to beside this machine's own, separated by commas; `*` for any. @default none; with tokens any */
  readonly allowedHosts: readonly string[];
  /** `ALLOWED_ORIGINS`: origins whose web pages may ask, such as `https://app.example`, separated by commas. @default none */
  readonly allowedOrigins: readonly string[];
  /** `TOKENS_FILE`: file of hashed tokens, a line each as `tailrace token create` prints it; read again when it changes. @default none */
  readonly tokensFile: string | undefined;
  /** `FIRST_TOKEN`: make a token of scope `admin` when `TOKENS_FILE` does not exist yet, and print it once. @default false */
  readonly firstToken: boolean;
  /** `LOG_TOKENS`: such lines themselves, separated by `;`. @default none */
  readonly tokens: readonly KnownToken[];
  /** `TRUSTED_PROXIES`: addresses and CIDR ranges whose `X-Forwarded-For` is believed, separated by commas. @default none */
  readonly trustedProxies: readonly string[];
  /** `REDIS_URL`: the server that holds the data: redis:// or rediss://, redis+sentinel:// for a Sentinel group, redis+cluster:// for a Cluster. @default none: an embedded Valkey */
  readonly redisUrl: string | undefined;
  /** `DATA_DIR`: where archive, journal and state are kept; empty: nowhere. @default with the embedded engine ./tailrace-data; with `REDIS_URL` none */
  readonly dataDir: string | undefined;
  /** `HOT_HOURS`: hours after which sealed entries leave Redis. @default 24 */
  readonly hotHours: number;
  /** `AUDIT_DIR`: folder of the key that signs the audit trail, and of what it signed. @default `audit` in `DATA_DIR`; without that nothing is signed */
  readonly auditDir: string | undefined;
  /** `ARCHIVE_TO`: folder that files of expired days are moved to. @default none: they are deleted */
  readonly archiveTo: string | undefined;
  /** `ENGINE_PORT`: where the embedded engine listens; 0 picks a free one. @default none: 4681, or a free one when that is in use */
  readonly enginePort: number | undefined;
  /** `KEY_PREFIX`: stands before every key, for a Redis shared with others. @default '' */
  readonly keyPrefix: string;
  /** `LOG_RETENTION_DAYS`: days each class is kept, such as `requests=7,errors=30`. @default {@link DEFAULT_RETENTION_DAYS} */
  readonly retentionDays: RetentionDays;
  /** `LOG_HASH_KEY`: key of the hashes that stand in place of OAuth secrets, at least 16 bytes; the loggers' own. @default random */
  readonly hashKey: string | undefined;
  /** `ALERT_RULES`: file of alert rules and of the channels people are told by, YAML or JSON; read again when it changes. @default none: rules of the API only */
  readonly alertRules: string | undefined;
  /** `ALERT_ALLOWED_ADDRESSES`: private addresses and CIDR ranges that notifications may be sent to, separated by commas. @default none: public addresses only */
  readonly alertAllowedAddresses: readonly string[];
  /** `PROCESS_FIGURES_S`: seconds between entries with figures of the gateway and its machine: memory, disk, load; event `tailrace.process`. @default none are written */
  readonly processFiguresS: number | undefined;
  /** `MAX_FOLLOWERS`: how many may follow entries at once; one more is a 429, here and below. @default 1000 */
  readonly maxFollowers: number;
  /** `MAX_SEARCHES`: how many searches and questions for figures are answered at once. @default 128 */
  readonly maxSearches: number;
  /** `MAX_JOINS`: how many questions for OAuth flows are answered at once. @default 32 */
  readonly maxJoins: number;
  /** `MAX_EXPORTS`: how many exports are sent at once. @default 16 */
  readonly maxExports: number;
  /** `MAX_CLIENT_SHARE`: percent of each of these that one client address may have. @default 25 */
  readonly maxClientShare: number;
  /** `STALL_TIMEOUT_S`: seconds after which a connection is closed whose client takes nothing of a reply. @default 60 */
  readonly stallTimeoutS: number;
  /** `MAX_HELD_BODY_BYTES`: bytes of request bodies held at once, of all clients together; more is a 429. @default 67108864 */
  readonly maxHeldBodyBytes: number;
}

/** @default where the gateway listens when nothing is set */
export const DEFAULT_PORT = 4680;

/** @default where the embedded engine listens when nothing is set and nothing else listens there */
export const DEFAULT_ENGINE_PORT = 4681;

const DEFAULT_STALL_TIMEOUT_S = 60;
const DEFAULT_HOT_HOURS = 24;
const DEFAULT_DATA_DIR = 'tailrace-data';
const DEFAULT_HOST = '127.0.0.1';

/**
 * Reads the settings; nothing else in the gateway reads the environment. An empty variable counts as not set.
 *
 * @throws StartError naming the setting, its value and what is allowed.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): GatewayConfig {
  const read = <T>(name: string, absent: T, parse: (text: string) => T): T => {
    const text = env[name];
    return text === undefined || text === '' ? absent : parse(text);
  };
  const allowRemote = read('ALLOW_REMOTE', false, flagParser('ALLOW_REMOTE'));
  const tokensFile = read<string | undefined>('TOKENS_FILE', undefined, (text) => text);
  const tokens = read('LOG_TOKENS', [], parseTokens);
  const hasTokens = tokensFile !== undefined || tokens.length > 0;
  const host = read('HOST', DEFAULT_HOST, (text) => text);
  if (!isLoopback(host) && !allowRemote && !hasTokens) {
    throw new StartError(
      `HOST is "${host}"; allowed: 127.0.0.1, ::1 or localhost, as without tokens anyone who reaches the gateway can read and write. ` +
        'TOKENS_FILE or LOG_TOKENS names who may ask; ALLOW_REMOTE=1 allows any address, only for behind something that authenticates',
    );
  }
  const firstToken = read('FIRST_TOKEN', false, flagParser('FIRST_TOKEN'));
  if (firstToken && tokensFile === undefined) {
    throw new StartError(
      'FIRST_TOKEN is set without TOKENS_FILE; allowed: with the file that will know the token',
    );
  }
  return {
    port: read('PORT', DEFAULT_PORT, portParser('PORT')),
    host,
    allowRemote,
    allowedHosts: read('ALLOWED_HOSTS', hasTokens ? [ANY_HOST] : [], listParser('ALLOWED_HOSTS', hostList)),
    allowedOrigins: read('ALLOWED_ORIGINS', [], parseAllowedOrigins),
    tokensFile,
    firstToken,
    tokens,
    trustedProxies: read('TRUSTED_PROXIES', [], listParser('TRUSTED_PROXIES', addressList)),
    redisUrl: read('REDIS_URL', undefined, checkRedisUrl),
    dataDir: dataDirOf(env),
    auditDir: auditDirOf(env),
    archiveTo: read<string | undefined>('ARCHIVE_TO', undefined, (text) => text),
    hotHours: read('HOT_HOURS', DEFAULT_HOT_HOURS, countParser('HOT_HOURS', 1, 87_600)),
    enginePort: read('ENGINE_PORT', undefined, portParser('ENGINE_PORT')),
    keyPrefix: read('KEY_PREFIX', '', named('KEY_PREFIX', checkKeyPrefix)),
    retentionDays: read(
      'LOG_RETENTION_DAYS',
      DEFAULT_RETENTION_DAYS,
      named('LOG_RETENTION_DAYS', parseRetentionDays),
    ),
    hashKey: read<string | undefined>('LOG_HASH_KEY', undefined, parseHashKey),
    alertRules: read<string | undefined>('ALERT_RULES', undefined, (text) => text),
    alertAllowedAddresses: read(
      'ALERT_ALLOWED_ADDRESSES',
      [],
      listParser('ALERT_ALLOWED_ADDRESSES', addressList),
    ),
    processFiguresS: read<number | undefined>(
      'PROCESS_FIGURES_S',
      undefined,
      countParser('PROCESS_FIGURES_S', 1, 86_400),
    ),
    maxFollowers: read('MAX_FOLLOWERS', DEFAULT_MAX_AT_ONCE.follow, countParser('MAX_FOLLOWERS', 0)),
    maxSearches: read('MAX_SEARCHES', DEFAULT_MAX_AT_ONCE.search, countParser('MAX_SEARCHES', 1)),
    maxJoins: read('MAX_JOINS', DEFAULT_MAX_AT_ONCE.join, countParser('MAX_JOINS', 1)),
    maxExports: read('MAX_EXPORTS', DEFAULT_MAX_AT_ONCE.export, countParser('MAX_EXPORTS', 0)),
    maxClientShare: read(
      'MAX_CLIENT_SHARE',
      DEFAULT_MAX_CLIENT_SHARE,
      countParser('MAX_CLIENT_SHARE', 1, 100),
    ),
    stallTimeoutS: read(
      'STALL_TIMEOUT_S',
      DEFAULT_STALL_TIMEOUT_S,
      countParser('STALL_TIMEOUT_S', 1, 86_400),
    ),
    maxHeldBodyBytes: read('MAX_HELD_BODY_BYTES', DEFAULT_MAX_HELD_BODY_BYTES, parseMaxHeldBodyBytes),
    ...readSyslog(read),
    ...readSyslogOut(read),
  };
}

type Read = <T>(name: string, absent: T, parse: (text: string) => T) => T;

function readSyslog(read: Read): SyslogConfig {
  const path = (name: string) => read<string | undefined>(name, undefined, (text) => text);
  const address = (name: string) => read<SyslogAddress | undefined>(name, undefined, addressParser(name));
  const config = {
    syslogTcp: address('SYSLOG_TCP'),
    syslogTls: address('SYSLOG_TLS'),
    syslogUdp: address('SYSLOG_UDP'),
    syslogTlsCert: path('SYSLOG_TLS_CERT'),
    syslogTlsKey: path('SYSLOG_TLS_KEY'),
    syslogTlsCa: path('SYSLOG_TLS_CA'),
    syslogFrom: read('SYSLOG_FROM', [], listParser('SYSLOG_FROM', addressList)),
    syslogTimeZone: read<string | undefined>('SYSLOG_TIME_ZONE', undefined, parseSyslogTimeZone),
  };
  checkSyslogConfig(config);
  return config;
}

function readSyslogOut(read: Read): SyslogOutConfig {
  return {
    syslogOut: read<SyslogOutConfig['syslogOut']>('SYSLOG_OUT', undefined, parseSyslogOut),
    syslogOutFilter: read('SYSLOG_OUT_FILTER', {}, parseSyslogOutFilter),
    syslogOutBody: read('SYSLOG_OUT_BODY', 'json', parseSyslogOutBody),
    syslogOutCa: read<string | undefined>('SYSLOG_OUT_CA', undefined, (text) => text),
    syslogOutState: read<string | undefined>('SYSLOG_OUT_STATE', undefined, (text) => text),
  };
}

/** Set and empty says something here. */
function dataDirOf({ DATA_DIR: folder, REDIS_URL: url }: Readonly<Record<string, string | undefined>>) {
  if (folder !== undefined) return folder === '' ? undefined : folder;
  return url === undefined || url === '' ? DEFAULT_DATA_DIR : undefined;
}

function auditDirOf(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { AUDIT_DIR: folder } = env;
  if (folder !== undefined && folder !== '') return folder;
  const dataDir = dataDirOf(env);
  return dataDir === undefined ? undefined : join(dataDir, 'audit');
}

function parseHashKey(text: string): string {
  if (isHashKey(text)) return text;
  throw new StartError(`LOG_HASH_KEY is too short; allowed: at least ${MIN_HASH_KEY_BYTES} bytes`);
}

function parseMaxHeldBodyBytes(text: string): number {
  if (/^\d{1,15}$/.test(text) && Number(text) >= MAX_BODY_BYTES) return Number(text);
  throw new StartError(
    `MAX_HELD_BODY_BYTES is "${text}"; allowed: a whole number from ${MAX_BODY_BYTES}, which is one body`,
  );
}

function parseAllowedOrigins(text: string): readonly string[] {
  return listOf(text).map((origin) => {
    if (/^https?:/.test(origin) && URL.canParse(origin) && new URL(origin).origin === origin) return origin;
    throw new StartError(
      `ALLOWED_ORIGINS: "${origin}" is no origin; allowed: such as https://app.example or http://localhost:3000, separated by commas`,
    );
  });
}

function parseTokens(text: string): readonly KnownToken[] {
  const tokens = named('LOG_TOKENS', parseTokenLines)(text.replaceAll(';', '\n'));
  if (tokens.length > 0) return tokens;
  throw new StartError('LOG_TOKENS has no token; allowed: lines of tailrace token create, separated by ;');
}

function checkRedisUrl(text: string): string {
  try {
    parseRedisUrl(text);
    return text;
  } catch (error) {
    throw new StartError(`REDIS_URL, ${redactRedisUrl(text)}, ${(error as Error).message}`);
  }
}

function checkKeyPrefix(prefix: string): string {
  new Keyspace({ prefix });
  return prefix;
}

/** What stands above this process when npx started it: npx itself, or pnpm run by npx. */
export type Launcher = 'npx' | 'pnpm by npx';

/** @returns what launched this process, `undefined` when npx did not: only npm sets the first variable. */
export function launcherOf(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Launcher | undefined {
  if (env.npm_config_npm_version === undefined) return undefined;
  return env.npm_config_user_agent?.startsWith('pnpm/') ? 'pnpm by npx' : 'npx';
}
