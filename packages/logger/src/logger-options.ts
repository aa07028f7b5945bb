import type { LevelName } from '@tailrace/schema';
import {
  checkWholeNumber,
  kindOf,
  mergeWriterOptions,
  type ResolvedWriterOptions,
  resolveRedis,
  shown,
  WRITER_DEFAULTS,
  type WriterError,
  type WriterOptions,
} from '@tailrace/writer';
import { type LoggerLevels, settleLevels } from './call/component-levels.js';
import { checkFoldRepeats, type FoldRepeatsOptions } from './call/repeat-folding.js';
import { checkSampling, type SamplingRule } from './call/sampling.js';
import type { EntrySink } from './delivery/entry-sink.js';
import { environmentHashKey, environmentRedis } from './environment.js';
import {
  type AuditFileOptions,
  type ResolvedAuditFile,
  resolveAuditFile,
} from './file/audit-file-options.js';
import { defaultSpoolDir } from './spool/default-spool-dir.js';

/** Everything that can be set about a logger. */
export interface LoggerOptions extends Omit<WriterOptions, 'onError' | 'redis'> {
  /** URL of the server, Sentinel group or Cluster, or ioredis options of the first two. The logger makes its own connection. @default `REDIS_URL`, else redis://127.0.0.1:6379 */
  readonly redis?: WriterOptions['redis'];
  /** Lowest level that is logged, of requests too, in any case; AUDIT always is. @default 'INFO' */
  readonly level?: LevelName;
  /** Levels of some components, by name or dotted prefix; the longest that fits counts. @default {} */
  readonly levels?: Readonly<Record<string, LevelName>>;
  /** Which share of the entries is logged, by the first rule that fits; ERROR and above always are. @default [] */
  readonly sampling?: readonly SamplingRule[];
  /** From when on a repeating message is only counted: `windowMs`, `maxPerWindow`. @default false */
  readonly foldRepeats?: FoldRepeatsOptions | false;
  /** A batch leaves within so many milliseconds of its first entry, or earlier at `maxBatchEntries`. @default 100 */
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
  /** Shows what goes to Redis on stdout as well, a line an entry, and never waits for its reader. @default false */
  readonly console?: 'pretty' | 'json' | false;
  /**
   * A file that audit entries are written to as well, a JSON object a line: its `path`, `maxBytes` before it is rotated, `backups` that are
   * kept, and of which `level` and `component`. @default false
   */
  readonly auditFile?: AuditFileOptions | false;
  /** Where entries go besides Redis, or in its place: `otlp({ url })` of `@tailrace/logger/otlp`. @default false */
  readonly sink?: EntrySink | false;
  /**
   * Told of the logger's own trouble, for each code at most once a second and less often when it lasts.
   * @default one line on stderr
   */
  readonly onError?: (error: LoggerError) => void;
}

/** Trouble of the logger itself; no entry was necessarily lost. */
export interface LoggerError {
  readonly code:
    | WriterError['code']
    | 'queue_full'
    | 'spool_failed'
    | 'entries_lost'
    | 'levels_refused'
    | 'file_failed'
    | 'otlp_failed';
  readonly message: string;
  readonly cause?: unknown;
}

/** @see LoggerOptions */
export type ResolvedOptions = Required<Omit<LoggerOptions, 'auditFile' | 'level' | 'levels' | 'redis'>> & {
  readonly auditFile: ResolvedAuditFile | false;
} & LoggerLevels &
  Pick<ResolvedWriterOptions, 'redis' | 'retentionDays' | 'indexSettings'>;

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
  console: false,
  auditFile: false,
  sink: false,
  ...WRITER_DEFAULTS,
  onError: (error) => void process.stderr.write(`tailrace logger: ${error.message}\n`),
} as const satisfies Omit<LoggerOptions, 'redis' | 'spoolDir'> & { readonly spoolDir: undefined };

const RANGES = {
  flushIntervalMs: [1, 60_000],
  maxBatchEntries: [1, 5_000],
  maxQueueEntries: [1, 10_000_000],
  maxQueueBytes: [1_024, 8 * 1024 ** 3],
  maxSpoolBytes: [65_536, 1024 ** 4],
} as const;

const NAMES = ['redis', ...Object.keys(DEFAULTS)];

/**
 * Fills in the defaults and checks every value.
 *
 * @throws RangeError naming the option, its value and what is allowed.
 */
export function resolveOptions(options: LoggerOptions = {}): ResolvedOptions {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new RangeError(`the options are ${kindOf(options)}; allowed: { ${NAMES.join(', ')} }`);
  }
  const unknown = Object.keys(options).find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw new RangeError(`${unknown} is no option; allowed: ${NAMES.join(', ')}`);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const all = mergeWriterOptions({
    ...DEFAULTS,
    spoolDir: defaultSpoolDir(),
    ...given,
    ...resolveRedis({ ...options, redis: options.redis ?? environmentRedis() }),
  });
  const resolved: ResolvedOptions = {
    ...all,
    auditFile: resolveAuditFile(all.auditFile),
    ...(settleLevels(all) as LoggerLevels),
  };
  for (const [name, range] of Object.entries(RANGES)) {
    checkWholeNumber(name, resolved[name as keyof typeof RANGES], range);
  }
  checkSampling(resolved.sampling);
  checkFoldRepeats(resolved.foldRepeats);
  if (resolved.spoolDir !== false && (typeof resolved.spoolDir !== 'string' || resolved.spoolDir === '')) {
    throw new RangeError(
      `spoolDir is ${shown(resolved.spoolDir)}; allowed: the path of a directory, or false`,
    );
  }
  if (typeof resolved.spoolFsync !== 'boolean') {
    throw new RangeError(`spoolFsync is ${shown(resolved.spoolFsync)}; allowed: true or false`);
  }
  if (!['pretty', 'json', false].includes(resolved.console)) {
    throw new RangeError(`console is ${shown(resolved.console)}; allowed: pretty, json, false`);
  }
  const { sink } = resolved;
  if (sink !== false && (typeof sink !== 'object' || typeof sink?.openWriter !== 'function')) {
    throw new RangeError(
      `sink is ${kindOf(sink)}; allowed: what otlp() of @tailrace/logger/otlp returns, or false`,
    );
  }
  const hashKey = resolved.redact.hashKey ?? environmentHashKey();
  return hashKey === undefined ? resolved : { ...resolved, redact: { ...resolved.redact, hashKey } };
}
