import {
  DEFAULT_INDEX_SETTINGS,
  DEFAULT_RETENTION_DAYS,
  type IndexSettings,
  type KeyspaceOptions,
  type Level,
  type RetentionDays,
} from '@tailrace/schema';
import type { RedisOptions } from 'ioredis';
import { checkLevels } from './call/component-levels.js';
import { checkFoldRepeats, type FoldRepeatsOptions } from './call/repeat-folding.js';
import { checkSampling, type SamplingRule } from './call/sampling.js';
import { defaultSpoolDir } from './delivery/spool-place.js';
import type { RedactOptions } from './redaction/redact-options.js';

/** Everything that can be set about a logger. */
export interface LoggerOptions {
  /** URL or ioredis options of the server. The logger makes its own connection with its own queueing rules. */
  readonly redis: string | RedisOptions;
  /** Lowest level that is logged, of requests too; AUDIT always is. @default 'INFO' */
  readonly level?: Level;
  /** Levels of some components, by name or dotted prefix; the longest that fits counts. @default {} */
  readonly levels?: Readonly<Record<string, Level>>;
  /** Which share of the entries is logged, by the first rule that fits; ERROR and above always are. @default [] */
  readonly sampling?: readonly SamplingRule[];
  /** From when on a repeating message is only counted: `windowMs`, `maxPerWindow`. @default false */
  readonly foldRepeats?: FoldRepeatsOptions | false;
  /** Milliseconds within which a batch has left after its first entry. @default 100 */
  readonly flushIntervalMs?: number;
  /** Entries at which a batch leaves at once. @default 500 */
  readonly maxBatchEntries?: number;
  /** Entries that may wait in memory; of further ones the lowest levels are dropped and counted. @default 100000 */
  readonly maxQueueEntries?: number;
  /** Bytes the waiting entries may hold, about. @default 67108864 (64 MiB) */
  readonly maxQueueBytes?: number;
  /**
   * Directory for what waits while Redis is away and for what is left when the process ends; `false`: none. Not to be
   * shared between hosts. @default tailrace-{uid} in the system's directory for temporary files
   */
  readonly spoolDir?: string | false;
  /** Bytes the files in it may have, those of processes that are gone not counted. @default 268435456 (256 MiB) */
  readonly maxSpoolBytes?: number;
  /** Whether each write to a file waits for the disk, which a power failure needs and a crash does not. @default false */
  readonly spoolFsync?: boolean;
  /** Milliseconds Redis may take for one batch before it is sent again. @default 10000 */
  readonly commandTimeoutMs?: number;
  /** Entries the live stream is trimmed to. @default 100000 */
  readonly streamMaxLength?: number;
  /** Days each class of entries is kept. @default requests 7, errors 30, oauth 90, audit 2555, stats 365 */
  readonly retentionDays?: RetentionDays;
  /** What counts as slow for `idx:req:slow`: `slowMs`, in milliseconds. @default slowMs 1000 */
  readonly indexSettings?: IndexSettings;
  /** What is replaced beside the secrets that always are, and how: `names`, `paths`, `hashed`, `hashKey`. @default {} */
  readonly redact?: RedactOptions;
  /** Shows what goes to Redis on stdout as well, a line an entry, and never waits for its reader. @default false */
  readonly console?: 'pretty' | 'json' | false;
  /** Stands before every key, for a Redis shared with others. @default '' */
  readonly keyPrefix?: string;
  /**
   * Told of the logger's own trouble, for each code at most once a second and less often when it lasts.
   * @default one line on stderr
   */
  readonly onError?: (error: LoggerError) => void;
}

/** Trouble of the logger itself; no entry was necessarily lost. */
export interface LoggerError {
  readonly code:
    | 'redis_unavailable'
    | 'write_failed'
    | 'index_failed'
    | 'queue_full'
    | 'spool_failed'
    | 'entries_lost'
    | 'levels_refused';
  readonly message: string;
  readonly cause?: unknown;
}

/** @see LoggerOptions */
export type ResolvedOptions = Required<LoggerOptions>;

const DEFAULTS = {
  level: 'INFO',
  levels: {},
  sampling: [],
  foldRepeats: false,
  flushIntervalMs: 100,
  maxBatchEntries: 500,
  maxQueueEntries: 100_000,
  maxQueueBytes: 64 * 1024 * 1024,
  spoolDir: undefined,
  maxSpoolBytes: 256 * 1024 * 1024,
  spoolFsync: false,
  commandTimeoutMs: 10_000,
  streamMaxLength: 100_000,
  retentionDays: DEFAULT_RETENTION_DAYS,
  indexSettings: DEFAULT_INDEX_SETTINGS,
  redact: {},
  console: false,
  keyPrefix: '',
  onError: (error) => void process.stderr.write(`tailrace logger: ${error.message}\n`),
} as const satisfies Omit<LoggerOptions, 'redis' | 'spoolDir'> & { readonly spoolDir: undefined };

const RANGES = {
  flushIntervalMs: [1, 60_000],
  maxBatchEntries: [1, 5_000],
  maxQueueEntries: [1, 10_000_000],
  maxQueueBytes: [1_024, 8 * 1024 ** 3],
  maxSpoolBytes: [65_536, 1024 ** 4],
  commandTimeoutMs: [10, 600_000],
  streamMaxLength: [1, 100_000_000],
} as const;

/**
 * Fills in the defaults and checks every value.
 *
 * @throws RangeError naming the option, its value and what is allowed.
 */
export function resolveOptions(options: LoggerOptions): ResolvedOptions {
  const unknown = Object.keys(options).filter((name) => name !== 'redis' && !Object.hasOwn(DEFAULTS, name));
  if (unknown.length > 0) {
    throw new RangeError(`${unknown[0]} is no option; allowed: redis, ${Object.keys(DEFAULTS).join(', ')}`);
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const resolved: ResolvedOptions = {
    ...DEFAULTS,
    spoolDir: defaultSpoolDir(),
    redis: options.redis,
    ...given,
  };
  for (const [name, [min, max]] of Object.entries(RANGES)) {
    const value = resolved[name as keyof typeof RANGES];
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new RangeError(`${name} is ${String(value)}; allowed: a whole number from ${min} to ${max}`);
    }
  }
  checkLevels(resolved);
  checkSampling(resolved.sampling);
  checkFoldRepeats(resolved.foldRepeats);
  if (typeof resolved.onError !== 'function') throw new RangeError('onError must be a function');
  for (const [name, days] of Object.entries(resolved.retentionDays)) {
    checkNumber(`retentionDays.${name}`, days, MIN_DAYS, MAX_DAYS);
  }
  if (resolved.spoolDir !== false && (typeof resolved.spoolDir !== 'string' || resolved.spoolDir === '')) {
    throw new RangeError(
      `spoolDir is ${String(resolved.spoolDir)}; allowed: the path of a directory, or false`,
    );
  }
  if (typeof resolved.spoolFsync !== 'boolean') {
    throw new RangeError(`spoolFsync is ${String(resolved.spoolFsync)}; allowed: true or false`);
  }
  if (!['pretty', 'json', false].includes(resolved.console)) {
    throw new RangeError(`console is ${String(resolved.console)}; allowed: pretty, json, false`);
  }
  checkNumber('indexSettings.slowMs', resolved.indexSettings.slowMs, 0, 1e9);
  checkRedis(resolved.redis);
  return resolved;
}

const MIN_DAYS = 1 / 1440;
const MAX_DAYS = 36_500;

function checkNumber(name: string, value: unknown, min: number, max: number): void {
  if (typeof value === 'number' && value >= min && value <= max) return;
  throw new RangeError(`${name} is ${String(value)}; allowed: a number from ${min} to ${max}`);
}

function checkRedis(redis: unknown): void {
  if (typeof redis === 'object' && redis !== null) return;
  if (typeof redis === 'string' && /^rediss?:\/\//.test(redis)) return;
  throw new RangeError('redis must be a URL that begins with redis:// or rediss://, or ioredis options');
}

/** The part of the options that says where keys lie. */
export function keyspaceOptions(options: ResolvedOptions): KeyspaceOptions {
  return { prefix: options.keyPrefix };
}
