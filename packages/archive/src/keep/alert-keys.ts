import { ALERT_PARTS, type AlertPart, type Keyspace } from '@tailrace/schema';
import type { ChainableCommander, Redis } from 'ioredis';

/** A key as it is kept in a file. */
export type KeptKey =
  | { readonly type: 'hash'; readonly fields: Readonly<Record<string, string>> }
  | { readonly type: 'list'; readonly items: readonly string[] }
  | { readonly type: 'zset'; readonly members: readonly string[] };

/** The type of each part that is kept; lease and claims are not: who has them ends with the store. */
const TYPES: Readonly<Record<AlertPart, KeptKey['type'] | undefined>> = {
  rules: 'hash',
  states: 'hash',
  history: 'list',
  silences: 'hash',
  outbox: 'hash',
  due: 'zset',
  claims: undefined,
  renewals: 'zset',
  errors: 'hash',
  settings: 'hash',
  lease: undefined,
};

/** Events of the history that outlive the store. */
const KEPT_HISTORY = 1_000;

/** Reads what alerts keep. */
export async function readAlerts(redis: Redis, keyspace: Keyspace): Promise<Record<string, KeptKey>> {
  const kept: Record<string, KeptKey> = {};
  for (const part of ALERT_PARTS) {
    const key = keyspace.alerts(part);
    const type = TYPES[part];
    if (type === 'hash') {
      const fields = await redis.hgetall(key);
      if (Object.keys(fields).length > 0) kept[part] = { type, fields };
    } else if (type === 'list') {
      const items = await redis.lrange(key, 0, KEPT_HISTORY - 1);
      if (items.length > 0) kept[part] = { type, items };
    } else if (type === 'zset') {
      const members = await redis.zrange(key, '0', '-1', 'WITHSCORES');
      if (members.length > 0) kept[part] = { type, members };
    }
  }
  return kept;
}

/** Puts it back. The place in the stream is not: the next store has another stream. */
export function addAlerts(
  pipeline: ChainableCommander,
  keyspace: Keyspace,
  alerts: Readonly<Record<string, KeptKey>>,
): void {
  for (const part of ALERT_PARTS) {
    const kept = alerts[part];
    const key = keyspace.alerts(part);
    if (kept?.type === 'hash') pipeline.hset(key, kept.fields).hdel(key, 'cursor');
    else if (kept?.type === 'list') pipeline.rpush(key, ...kept.items);
    else if (kept?.type === 'zset') {
      for (let i = 0; i < kept.members.length; i += 2) {
        pipeline.zadd(key, kept.members[i + 1] as string, kept.members[i] as string);
      }
    }
  }
}
