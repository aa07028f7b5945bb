import { redisScript, runScript } from '@tailrace/redis';
import { DAY_MS, HOUR_MS, type Keyspace, type RetentionDays, type TimeWindow } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import type { ExistingValues } from './index-values.js';
import { LIST_MEMBERS_LUA } from './list-members.lua.js';

const MEMBERS_SCRIPT = redisScript(LIST_MEMBERS_LUA);

/** @see readExistingValues */
export interface ExistingValuesContext {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  readonly retentionDays: RetentionDays;
  readonly window: TimeWindow;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Hours one call reads. */
const CALL_HOURS = 24;
/** Members one call reads at most: about 2 ms of Redis. */
const MAX_CALL_MEMBERS = 6_000;

/**
 * Reads from the hourly counters which paths and events there are in a window, as far as class `requests` reaches back:
 * what is older is found by class. A writer counts a value in the batch that stores its first entry.
 *
 * @returns `undefined` when the counters do not say, or there are too many to read.
 */
export async function readExistingValues(
  context: ExistingValuesContext,
): Promise<ExistingValues | undefined> {
  const { redis, keyspace, retentionDays, window, now } = context;
  if (retentionDays.stats < retentionDays.requests) return undefined;
  const first = Math.floor(Math.max(window.from, now - retentionDays.requests * DAY_MS) / HOUR_MS);
  const last = Math.floor(Math.min(window.to, now + DAY_MS) / HOUR_MS);
  const hours = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * HOUR_MS);
  const [paths, events] = await Promise.all([
    membersOf(
      redis,
      hours.map((hour) => keyspace.pathStats(hour)),
    ),
    membersOf(
      redis,
      hours.map((hour) => keyspace.eventStats(hour)),
    ),
  ]);
  return paths && events && { paths, events };
}

async function membersOf(redis: Redis, keys: readonly string[]): Promise<string[] | undefined> {
  const calls: Promise<unknown>[] = [];
  for (let at = 0; at < keys.length; at += CALL_HOURS) {
    calls.push(runScript(redis, MEMBERS_SCRIPT, keys.slice(at, at + CALL_HOURS), [MAX_CALL_MEMBERS]));
  }
  const replies = (await Promise.all(calls)) as (string[] | null)[];
  if (replies.includes(null)) return undefined;
  return [...new Set(replies.flatMap((members) => members ?? []))];
}
