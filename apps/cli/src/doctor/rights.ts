import type { Store } from '@tailrace/redis';
import { Keyspace } from '@tailrace/schema';

/** A command, or keys, the user of a connection may not use. */
export interface LackingRight {
  /** The command in lower case, as ACL rules have it; for keys the one that was refused. */
  readonly right: string;
  /** The keys, as ACL rules have them: `log:*`. */
  readonly on?: string;
}

/** All keys, as the rules of docs/storage.md have them. */
const KEYS = [
  'req:*',
  'log:*',
  'idx:*',
  'oauth:flow:*',
  'stats:*',
  'writers:*',
  'settings:*',
  'alerts:*',
  'audit:*',
  'stream:requests',
  'writers',
];
/** A key of this name is nobody's. */
const NOBODY = 'tailrace-doctor';
const SECOND_MS = '1000';

/**
 * Commands of a gateway, which writes and reads, in a form that changes nothing of anybody: on a key that is not there, or on one that
 * is there for a second.
 */
const PROBES: readonly (readonly [command: string, ...args: string[]])[] = [
  ['hset', 'KEY', 'field', 'value'],
  ['pexpire', 'KEY', SECOND_MS],
  ['expire', 'KEY', '1'],
  ['hgetall', 'KEY'],
  ['hmget', 'KEY', 'field'],
  ['hkeys', 'KEY'],
  ['hlen', 'KEY'],
  ['hincrby', 'KEY', 'count', '1'],
  ['type', 'KEY'],
  ['exists', 'KEY'],
  ['unlink', 'KEY'],
  ['del', 'KEY'],
  ['zadd', 'KEY', 'XX', '1', 'member'],
  ['zcard', 'KEY'],
  ['zcount', 'KEY', '-inf', '+inf'],
  ['zrange', 'KEY', '0', '0'],
  ['zrevrange', 'KEY', '0', '0'],
  ['zscore', 'KEY', 'member'],
  ['zmscore', 'KEY', 'member'],
  ['zrank', 'KEY', 'member'],
  ['zremrangebyscore', 'KEY', '0', '0'],
  ['zrem', 'KEY', 'member'],
  ['pfcount', 'KEY'],
  ['xadd', 'KEY', 'NOMKSTREAM', '*', 'field', 'value'],
  ['xtrim', 'KEY', 'MAXLEN', '1'],
  ['xrange', 'KEY', '-', '+', 'COUNT', '1'],
  ['xrevrange', 'KEY', '+', '-', 'COUNT', '1'],
  ['xread', 'COUNT', '1', 'STREAMS', 'KEY', '0'],
  ['scan', '0', 'MATCH', 'KEY', 'COUNT', '1'],
  ['eval', 'return 1', '0'],
  ['time'],
];

/** @returns what is refused; commands first. Anything else that goes wrong is no matter of rights. */
export async function lackingRights(redis: Store['redis'], keyPrefix: string): Promise<LackingRight[]> {
  const shard = /^\{s(\d+)\}:/.exec(keyPrefix)?.[1];
  const { base } =
    shard === undefined
      ? new Keyspace({ prefix: keyPrefix })
      : new Keyspace({ prefix: keyPrefix.slice(keyPrefix.indexOf(':') + 1), shard: Number(shard) });
  const isRefusedOn = await Promise.all(
    KEYS.map((keys) => isRefused(redis, ['type', base + keys.replace('*', NOBODY)])),
  );
  const usable = KEYS.find((keys, i) => keys.endsWith('*') && !isRefusedOn[i]) ?? 'log:*';
  const lacking: LackingRight[] = [];
  for (const [command, ...args] of PROBES) {
    const filled = args.map((arg) => (arg === 'KEY' ? base + usable.replace('*', NOBODY) : arg));
    if (await isRefused(redis, [command, ...filled])) lacking.push({ right: command });
  }
  // Without the command that asks for them nothing is known of the keys.
  if (lacking.some(({ right }) => right === 'type')) return lacking;
  const refused = KEYS.filter((_, i) => isRefusedOn[i]);
  return [...lacking, ...refused.map((keys) => ({ right: 'type', on: base + keys }))];
}

async function isRefused(
  redis: Store['redis'],
  [command = '', ...args]: readonly string[],
): Promise<boolean> {
  try {
    await redis.call(command, ...args);
    return false;
  } catch (error) {
    return error instanceof Error && error.message.startsWith('NOPERM');
  }
}
