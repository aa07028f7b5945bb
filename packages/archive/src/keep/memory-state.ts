import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY_MS, type Keyspace, SHORT_STATS_DAYS } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { replaceFile } from '../files/private-files.js';
import { addAlerts, type KeptKey, readAlerts } from './alert-keys.js';

/** What a store in memory knows beside entries, and what the next start must know again. */
interface MemoryState {
  /** Number of the last chunk of each writer, and its counts. */
  readonly writers: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly lastSeen: Readonly<Record<string, string>>;
  readonly levels: Readonly<Record<string, string>>;
  /** Keys of alerts by their parts. @default none, as earlier versions wrote it */
  readonly alerts?: Readonly<Record<string, KeptKey>>;
}

/** Keeps the state of a store in memory in a file. */
export interface StateKeeper {
  /** Reads the state now. @returns writes it, if it is another than the last */
  read(): Promise<() => Promise<void>>;
}

const NAME = 'state.json';
const KEPT_S = (SHORT_STATS_DAYS * DAY_MS) / 1_000;

/** Puts the state of an earlier process back, and keeps this one's. */
export async function keepState(redis: Redis, keyspace: Keyspace, folder: string): Promise<StateKeeper> {
  const path = join(folder, NAME);
  const left = await stateOf(path);
  if (left !== undefined) await restore(redis, keyspace, left);
  let written = '';
  return {
    async read() {
      const text = JSON.stringify(await readState(redis, keyspace));
      return async () => {
        if (text === written) return;
        await replaceFile(path, text);
        written = text;
      };
    },
  };
}

async function readState(redis: Redis, keyspace: Keyspace): Promise<MemoryState> {
  const seen = await redis.zrange(keyspace.writers(), '0', '-1', 'WITHSCORES');
  const lastSeen: Record<string, string> = {};
  for (let i = 0; i < seen.length; i += 2) lastSeen[seen[i] as string] = seen[i + 1] as string;
  const names = Object.keys(lastSeen);
  const pipeline = redis.pipeline();
  for (const name of names) pipeline.hgetall(keyspace.writer(name));
  const replies = (await pipeline.exec()) ?? [];
  const writers: Record<string, Record<string, string>> = {};
  replies.forEach(([, account], i) => {
    // Expiries are set anew in an empty store.
    const { epoch: _, ...rest } = (account ?? {}) as Record<string, string>;
    if (Object.keys(rest).length > 0) writers[names[i] as string] = rest;
  });
  const levels = await redis.hgetall(keyspace.levels());
  return { writers, lastSeen, levels, alerts: await readAlerts(redis, keyspace) };
}

async function restore(
  redis: Redis,
  keyspace: Keyspace,
  { writers, lastSeen, levels, alerts = {} }: MemoryState,
): Promise<void> {
  const pipeline = redis.pipeline();
  for (const [name, account] of Object.entries(writers)) {
    pipeline.hset(keyspace.writer(name), account).expire(keyspace.writer(name), KEPT_S);
  }
  for (const [name, seen] of Object.entries(lastSeen)) pipeline.zadd(keyspace.writers(), seen, name);
  pipeline.expire(keyspace.writers(), KEPT_S);
  if (Object.keys(levels).length > 0) pipeline.hset(keyspace.levels(), levels);
  addAlerts(pipeline, keyspace, alerts);
  for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
}

async function stateOf(path: string): Promise<MemoryState | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as MemoryState;
  } catch {
    return undefined;
  }
}
