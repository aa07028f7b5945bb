import { INDEXES } from './index-table.js';
import { LONGER_CLASSES, SHORT_STATS_DAYS } from './retention.js';
import { STORAGE_VERSION } from './storage-version.js';

/** One family of keys, as docs/storage.md shows it and as the storage test checks every key against it. */
export interface StorageRow {
  readonly key: string;
  readonly type: 'hash' | 'zset' | 'stream' | 'string' | 'list';
  readonly holds: string;
  readonly expires: string;
  /** Matches the keys of this family, without prefix and shard tag. */
  readonly matches: RegExp;
  /** True: it is no log data, and stays when log data is cleared. */
  readonly staysOnClear?: true;
}

/** What the value of an index is called where it is not the index's own name. */
const VALUE_NAMES: Readonly<Record<string, string>> = {
  path: 'METHOD}:{pattern',
  oauth: 'event',
  oauth_flow: 'flow',
  trace: 'bucket',
};
const HOUR = '\\d{8}:\\d{2}';

/** Every family of keys Tailrace writes. Docs and the storage test are made from this table. */
export const STORAGE_TABLE: readonly StorageRow[] = [
  {
    key: 'req:{ms}:{client_ip}:{uid}',
    type: 'hash',
    holds: 'one HTTP request and its response',
    expires: "its class's days after the entry's timestamp",
    matches: /^req:\d+:.+:[\w-]{8}$/,
  },
  {
    key: 'log:{ms}:{component}:{uid}',
    type: 'hash',
    holds: 'any other entry',
    expires: "its class's days after the entry's timestamp",
    matches: /^log:\d+:.+:[\w-]{8}$/,
  },
  ...INDEXES.map(
    (spec): StorageRow => ({
      key: spec.prefix.endsWith(':') ? `${spec.prefix}{${VALUE_NAMES[spec.name] ?? spec.name}}` : spec.prefix,
      type: 'zset',
      holds: spec.holds,
      expires: spec.retention === 'by level' ? 'class of its level' : `class ${spec.retention}`,
      matches: new RegExp(
        spec.prefix.endsWith(':')
          ? `^${spec.prefix}${spec.name === 'oauth' ? 'oauth\\.' : ''}.+$`
          : `^${spec.prefix}$`,
        's',
      ),
    }),
  ),
  ...INDEXES.filter((spec) => spec.keptByClass).map(
    (spec): StorageRow => ({
      key: `idx:{class}:${spec.name}:{${spec.name}}`,
      type: 'zset',
      holds: `the same for entries of class ${LONGER_CLASSES.join(', ')}`,
      expires: 'its class',
      matches: new RegExp(`^idx:(${LONGER_CLASSES.join('|')}):${spec.name}:.+$`, 's'),
    }),
  ),
  {
    key: 'idx:deleted',
    type: 'zset',
    holds:
      'entries that were deleted one by one: their hashes are kept, with `deleted` (ms), `deleted_score` and `deleted_from`, the indexes they were in, so that they can be restored',
    expires: 'the longest class',
    matches: /^idx:deleted$/,
  },
  {
    key: 'stream:requests',
    type: 'stream',
    holds: 'every entry once, `data` = its JSON, for live readers',
    expires: 'trimmed to about 100,000 entries; class requests after the last write',
    matches: /^stream:requests$/,
  },
  {
    key: 'stats:requests:{YYYYMMDD:HH}',
    type: 'hash',
    holds:
      'requests (`total`), per status (`status_404`), per level (`level_INFO`), `bytes`; other entries per level (`log_INFO`)',
    expires: 'class stats',
    matches: new RegExp(`^stats:requests:${HOUR}$`),
  },
  {
    key: 'stats:requests:{host}:{YYYYMMDD:HH}',
    type: 'hash',
    holds: 'the same for one proxy host name',
    expires: 'class stats',
    matches: new RegExp(`^stats:requests:.+:${HOUR}$`, 's'),
  },
  {
    key: 'stats:hosts:{YYYYMMDD:HH}',
    type: 'zset',
    holds: 'requests per proxy host name (`-`: without one)',
    expires: 'class stats',
    matches: new RegExp(`^stats:hosts:${HOUR}$`),
  },
  {
    key: 'stats:errors:{YYYYMMDD:HH}',
    type: 'hash',
    holds: 'errors per status, or per level for entries without one',
    expires: 'class stats',
    matches: new RegExp(`^stats:errors:${HOUR}$`),
  },
  {
    key: 'stats:events:{YYYYMMDD:HH}',
    type: 'hash',
    holds: 'entries per event',
    expires: 'class stats',
    matches: new RegExp(`^stats:events:${HOUR}$`),
  },
  {
    key: 'stats:paths:{YYYYMMDD:HH}',
    type: 'zset',
    holds: 'requests per method and path pattern (member `GET:/users/:number`, score = requests)',
    expires: 'class stats',
    matches: new RegExp(`^stats:paths:${HOUR}$`),
  },
  {
    key: 'stats:response_times:{host}:{YYYYMMDD:HHMM}',
    type: 'hash',
    holds: 'log-bucket histogram of response times in ms (bucket number -> requests), 1 % relative error',
    expires: `${SHORT_STATS_DAYS} days`,
    matches: /^stats:response_times:.+:\d{8}:\d{4}$/s,
  },
  {
    key: 'stats:unique_ips:{host}:{YYYYMMDD:HH}',
    type: 'string',
    holds: 'HyperLogLog of client IPs',
    expires: 'class stats',
    matches: new RegExp(`^stats:unique_ips:.+:${HOUR}$`, 's'),
  },
  {
    key: 'writers:{writer}',
    type: 'hash',
    holds:
      "one writer: number of the last chunk applied (`batch`), `epoch` of the expiries it has set, `last_seen` by the server's clock and `started` in ms, `skew` of its clock in ms, `host`, `pid`, entries `accepted`, `written` and `dropped_{reason}`, `written_before` the data was lost, keys that could not be written (`index_failed`)",
    expires: `${SHORT_STATS_DAYS} days after its last batch`,
    matches: /^writers:[\w-]+$/,
    staysOnClear: true,
  },
  {
    key: 'writers',
    type: 'zset',
    holds: 'every writer (member) by when it was last seen, in ms',
    expires: `${SHORT_STATS_DAYS} days after the last batch of any; members as well`,
    matches: /^writers$/,
    staysOnClear: true,
  },
  {
    key: 'ids:{digest}',
    type: 'string',
    holds: 'the entry that its sender gave an id of its own, or sent under an idempotency key: its key',
    expires: 'with the entry',
    matches: /^ids:[\w-]{22}$/,
  },
  {
    key: 'request_keys:{digest}',
    type: 'string',
    holds: 'what was sent under an idempotency key: a digest of the body',
    expires: 'a day after the first request with it',
    matches: /^request_keys:[\w-]{22}$/,
  },
  {
    key: 'settings:levels',
    type: 'hash',
    holds: 'levels that lie over those of all running writers: `table`, as JSON',
    expires: 'never: it is a setting, and is there only while it is set',
    matches: /^settings:levels$/,
    staysOnClear: true,
  },
  {
    key: 'settings:shards',
    type: 'string',
    holds:
      'on each shard of a cluster, how many shards there are; writers and gateways with another number refuse it',
    expires: 'never: what it describes outlives any time',
    matches: /^settings:shards$/,
    staysOnClear: true,
  },
  {
    key: 'alerts:rules',
    type: 'hash',
    holds: 'alert rules made through the API, by id, as JSON',
    expires: 'never: they are settings',
    matches: /^alerts:rules$/,
    staysOnClear: true,
  },
  {
    key: 'alerts:states',
    type: 'hash',
    holds:
      'where each alert rule stands, by id, as JSON: the next window, groups that are not ok, when it fired lately',
    expires: 'never: a field goes with its rule',
    matches: /^alerts:states$/,
    staysOnClear: true,
  },
  {
    key: 'alerts:history',
    type: 'list',
    holds: 'what began and ceased to fire, newest first, as JSON; the newest 10,000',
    expires: 'never: it is bounded',
    matches: /^alerts:history$/,
    staysOnClear: true,
  },
  {
    key: 'alerts:silences',
    type: 'hash',
    holds: 'silences by id, as JSON; at most 1,000',
    expires: 'never: a field goes when its silence is over',
    matches: /^alerts:silences$/,
    staysOnClear: true,
  },
  {
    key: 'alerts:outbox',
    type: 'hash',
    holds: 'notifications that are not delivered yet, by id and channel, as JSON; at most 10,000',
    expires: 'never: a field goes when it is delivered, or given up',
    matches: /^alerts:outbox$/,
    staysOnClear: true,
  },
  {
    key: 'alerts:due',
    type: 'zset',
    holds: 'the same by when they are tried next, in ms',
    expires: 'never: a member goes with its notification',
    matches: /^alerts:due$/,
    staysOnClear: true,
  },
  {
    key: 'alerts:claims',
    type: 'zset',
    holds: 'those that are being sent, by when the claim is over, in ms',
    expires: 'never: a member goes when its attempt has ended',
    matches: /^alerts:claims$/,
    staysOnClear: true,
  },
  {
    key: 'alerts:renewals',
    type: 'zset',
    holds:
      'those that were delivered and are told again as long as their alert fires, by when that is due, in ms',
    expires: 'never: a member goes with its notification',
    matches: /^alerts:renewals$/,
    staysOnClear: true,
  },
  {
    key: 'alerts:errors',
    type: 'hash',
    holds:
      'what people said of groups of errors (known, resolved, muted), by fingerprint, as JSON; at most 5,000, then the oldest goes',
    expires: 'never: it is state, no log data',
    matches: /^alerts:errors$/,
    staysOnClear: true,
  },
  {
    key: 'alerts:settings',
    type: 'hash',
    holds:
      '`fence`: how often the lease changed hands; `cursor`: how far the stream was looked at for entries that came late; `evaluated`, `lost`: counts; `rules_version`, `marks_version`: how often rules and marks of error groups were changed',
    expires: 'never',
    matches: /^alerts:settings$/,
    staysOnClear: true,
  },
  {
    key: 'alerts:lease',
    type: 'string',
    holds: 'the gateway that evaluates alert rules',
    expires: 'seconds after it was last renewed',
    matches: /^alerts:lease$/,
    staysOnClear: true,
  },
  {
    key: 'audit:trail',
    type: 'stream',
    holds:
      'audit entries of this shard that are not in the tree yet: `0-{sequence number}`, id (`e`) and the SHA-256 of the canonical form (`h`); about 1,000,000 at most',
    expires: 'never: what is in the tree is removed, but for the last one',
    matches: /^audit:trail$/,
    staysOnClear: true,
  },
  {
    key: 'audit:tree',
    type: 'stream',
    holds:
      'leaves of the tree, one an audit entry: `0-{place from 1}`, shard (`s`), sequence number (`n`), id (`e`) and hash (`h`)',
    expires: 'never: it is a proof',
    matches: /^audit:tree$/,
    staysOnClear: true,
  },
  {
    key: 'audit:state',
    type: 'hash',
    holds:
      'how far the tree is: `size`, `nodes`, the signed `checkpoint`, when it `began` in ms, and the last entry of each shard',
    expires: 'never: it is a proof',
    matches: /^audit:state$/,
    staysOnClear: true,
  },
  {
    key: 'audit:lease',
    type: 'string',
    holds: 'the gateway that appends to the tree and signs',
    expires: 'seconds after it was last renewed',
    matches: /^audit:lease$/,
    staysOnClear: true,
  },
  {
    key: 'settings:searches',
    type: 'hash',
    holds:
      'saved searches of the console by their names: `query` of its address and `savedAt` in ms, as JSON; at most 200',
    expires: 'never: it is state, no log data',
    matches: /^settings:searches$/,
    staysOnClear: true,
  },
  {
    key: 'settings:archive',
    type: 'hash',
    holds:
      'the archive whose gateway seals this store: `id`, another one refuses it, and `hot_from`, from when on Redis has every entry (ms; 0: always)',
    expires: 'never: it is a setting',
    matches: /^settings:archive$/,
    staysOnClear: true,
  },
  {
    key: 'settings:storage',
    type: 'string',
    holds: `version of what is stored: \`${STORAGE_VERSION}\`; writers and gateways of another version refuse it`,
    expires: 'never: what it describes outlives any time',
    matches: /^settings:storage$/,
    staysOnClear: true,
  },
];

/** @returns the family a key belongs to, `undefined` when it is none of ours. `base` is the Keyspace's. */
export function storageRowOf(key: string, base = ''): StorageRow | undefined {
  if (!key.startsWith(base)) return undefined;
  const bare = key.slice(base.length);
  return STORAGE_TABLE.find((row) => row.matches.test(bare));
}
