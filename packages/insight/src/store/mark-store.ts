import type { Keyspace } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import type { GroupMark } from '../errors/group-mark.js';
import { inOne } from './in-one.js';

/** Marks that are kept: of one more, the oldest goes. */
export const MAX_MARKS = 5_000;

/** What people said of groups of errors, in Redis. Every method throws what the connection throws. */
export interface MarkStore {
  /** By fingerprint. What cannot be read is left out. */
  marks(): Promise<Map<string, GroupMark>>;
  put(fingerprint: string, mark: GroupMark): Promise<void>;
  /** @returns whether there was one */
  remove(fingerprint: string): Promise<boolean>;
}

/** @see MarkStore */
export function createMarkStore({
  redis,
  keyspace,
}: {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
}): MarkStore {
  const key = keyspace.alerts('errors');
  const settings = keyspace.alerts('settings');

  async function marks(): Promise<Map<string, GroupMark>> {
    const found = new Map<string, GroupMark>();
    for (const [fingerprint, text] of Object.entries(await redis.hgetall(key))) {
      const mark = readMark(text);
      if (mark !== undefined) found.set(fingerprint, mark);
    }
    return found;
  }

  return {
    marks,
    async put(fingerprint, mark) {
      const json = JSON.stringify(mark);
      await inOne(redis.multi().hset(key, fingerprint, json).hincrby(settings, 'marks_version', 1));
      if ((await redis.hlen(key)) <= MAX_MARKS) return;
      const oldestFirst = [...(await marks())].sort(([, a], [, b]) => a.at - b.at);
      const tooMany = oldestFirst.slice(0, Math.max(0, oldestFirst.length - MAX_MARKS)).map(([name]) => name);
      if (tooMany.length > 0) await redis.hdel(key, ...tooMany);
    },
    async remove(fingerprint) {
      const [removed] = await inOne(
        redis.multi().hdel(key, fingerprint).hincrby(settings, 'marks_version', 1),
      );
      return removed === 1;
    },
  };
}

function readMark(text: string): GroupMark | undefined {
  try {
    const { state, at, release = null, until = null, reason = null } = JSON.parse(text) as GroupMark;
    return typeof at === 'number' ? { state, at, release, until, reason } : undefined;
  } catch {
    return undefined;
  }
}
