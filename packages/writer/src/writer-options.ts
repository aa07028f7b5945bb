import { type RedisSetting, RedisTarget } from '@tailrace/redis/without-client';
import {
  DEFAULT_INDEX_SETTINGS,
  DEFAULT_RETENTION_DAYS,
  type IndexSettings,
  MAX_RETENTION_DAYS,
  type RetentionDays,
} from '@tailrace/schema';
import type { RedactOptions } from './redaction/redact-options.js';
import { kindOf, shown } from './shown-value.js';

/** What can be set about writing into Redis. */
export interface WriterOptions {
  /**
   * URL or ioredis options of the server, or an ioredis client of it, whose options are taken. The writer makes its own
   * connection with its own queueing rules.
   */
  readonly redis: RedisSetting;
  /** Milliseconds Redis may take for one batch before it is sent again. @default 10000 */
  readonly commandTimeoutMs?: number;
  /** Entries the live stream is trimmed to. @default 100000 */
  readonly streamMaxLength?: number;
  /** Days each class of entries is kept. @default requests 7, errors 30, oauth 90, audit 2555, stats 365 */
  readonly retentionDays?: Partial<RetentionDays>;
  /** What counts as slow for `idx:req:slow`: `slowMs`, in milliseconds. @default slowMs 1000 */
  readonly indexSettings?: Partial<IndexSettings>;
  /** What is replaced beside the secrets that always are, and how: `names`, `paths`, `hashed`, `hashKey`. @default {} */
  readonly redact?: RedactOptions;
  /** Stands before every key, for a Redis shared with others. @default '' */
  readonly keyPrefix?: string;
  /** Told of the writer's own trouble, for each code at most once a second. @default one line on stderr */
  readonly onError?: (error: WriterError) => void;
}

/** Trouble of a writer; with `entry_refused` and `entries_lost` entries were lost. */
export interface WriterError {
  readonly code:
    | 'redis_unavailable'
    | 'write_failed'
    | 'index_failed'
    | 'entry_refused'
    | 'entries_lost'
    | 'storage_version';
  readonly message: string;
  readonly cause?: unknown;
}

/** @see WriterOptions */
export interface ResolvedWriterOptions extends Required<Omit<WriterOptions, 'redis'>> {
  readonly redis: RedisTarget;
  readonly retentionDays: RetentionDays;
  readonly indexSettings: IndexSettings;
}

/** @see WriterOptions */
export const WRITER_DEFAULTS = {
  commandTimeoutMs: 10_000,
  streamMaxLength: 100_000,
  retentionDays: DEFAULT_RETENTION_DAYS,
  indexSettings: DEFAULT_INDEX_SETTINGS,
  redact: {},
  keyPrefix: '',
  onError: (error: WriterError) => void process.stderr.write(`tailrace writer: ${error.message}\n`),
} as const satisfies Required<Omit<WriterOptions, 'redis'>>;

const RANGES = {
  commandTimeoutMs: [10, 600_000],
  streamMaxLength: [1, 100_000_000],
} as const;

/** The options of each shard, in the order of their numbers; of one server, the options as they are. */
export function shardOptions<Options extends ResolvedWriterOptions>(options: Options): readonly Options[] {
  const { redis } = options;
  if (redis.clusterPlace === undefined) return [options];
  return Array.from({ length: redis.shards }, (_, shard) => ({ ...options, redis: redis.ofShard(shard) }));
}

/** Options that are objects, and what may be in them. */
const REDACT_SHAPE = '{ names, paths, hashed, hashKey }';

const MIN_DAYS = 1 / 1440;

/**
 * Fills in the defaults and checks every value.
 *
 * @throws RangeError naming the option, its value and what is allowed.
 */
export function resolveWriterOptions(options: WriterOptions): ResolvedWriterOptions {
  const unknown = Object.keys(options).find(
    (name) => name !== 'redis' && !Object.hasOwn(WRITER_DEFAULTS, name),
  );
  if (unknown !== undefined) {
    throw new RangeError(
      `${unknown} is no option; allowed: redis, ${Object.keys(WRITER_DEFAULTS).join(', ')}`,
    );
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return mergeWriterOptions({ ...WRITER_DEFAULTS, ...given, ...resolveRedis(options) });
}

/**
 * Fills in the defaults inside of options that are objects, and checks every value.
 *
 * @throws RangeError naming the option, its value and what is allowed.
 */
export function mergeWriterOptions<
  Options extends Required<Omit<WriterOptions, 'redis'>> & { readonly redis: RedisTarget },
>(options: Options): Options & ResolvedWriterOptions {
  const merged = {
    ...options,
    retentionDays: withDefaults('retentionDays', options.retentionDays, WRITER_DEFAULTS.retentionDays),
    indexSettings: withDefaults('indexSettings', options.indexSettings, WRITER_DEFAULTS.indexSettings),
  };
  checkWriterOptions(merged);
  return merged;
}

/** @throws RangeError for anything but an object, and for a name the defaults do not have. */
function withDefaults<Values extends object>(
  option: string,
  given: Partial<Values>,
  defaults: Values,
): Values {
  const allowed = Object.keys(defaults).join(', ');
  checkShape(option, given, `{ ${allowed} }`);
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(defaults, name));
  if (unknown !== undefined) throw new RangeError(`${option}.${unknown} is unknown; allowed: ${allowed}`);
  const values = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(values) };
}

/**
 * Which Redis is meant, and the prefix of its keys: ioredis's own is taken for ours.
 *
 * @throws RangeError naming the option, its value and what is allowed.
 */
export function resolveRedis({ redis, keyPrefix }: Pick<WriterOptions, 'redis' | 'keyPrefix'>) {
  const target = RedisTarget.of(redis);
  if (keyPrefix && target.keyPrefix && keyPrefix !== target.keyPrefix) {
    throw new RangeError(
      `keyPrefix is "${keyPrefix}" and redis.keyPrefix "${target.keyPrefix}"; allowed: one of them`,
    );
  }
  return { redis: target, keyPrefix: keyPrefix || target.keyPrefix || '' };
}

/** @throws RangeError naming the option, its value and what is allowed. */
function checkWriterOptions(options: ResolvedWriterOptions): void {
  checkShape('redact', options.redact, REDACT_SHAPE);
  for (const [name, range] of Object.entries(RANGES)) {
    checkWholeNumber(name, options[name as keyof typeof RANGES], range);
  }
  for (const [name, days] of Object.entries(options.retentionDays)) {
    checkNumber(`retentionDays.${name}`, days, MIN_DAYS, MAX_RETENTION_DAYS);
  }
  checkNumber('indexSettings.slowMs', options.indexSettings.slowMs, 0, 1e9);
  if (typeof options.onError !== 'function')
    throw new RangeError(`onError is ${kindOf(options.onError)}; allowed: a function`);
}

function checkShape(name: string, value: unknown, shape: string): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  throw new RangeError(`${name} is ${kindOf(value)}; allowed: ${shape}`);
}

/** @throws RangeError naming the option, its value and what is allowed. */
export function checkWholeNumber(name: string, value: unknown, [min, max]: readonly [number, number]): void {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return;
  throw new RangeError(`${name} is ${shown(value)}; allowed: a whole number from ${min} to ${max}`);
}

function checkNumber(name: string, value: unknown, min: number, max: number): void {
  if (typeof value === 'number' && value >= min && value <= max) return;
  throw new RangeError(`${name} is ${shown(value)}; allowed: a number from ${min} to ${max}`);
}
