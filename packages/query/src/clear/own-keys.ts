import { redisScript, runScript } from '@tailrace/redis';
import { type Entry, type Keyspace, type StorageRow, storageRowOf } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { REFRESH_OWN_KEYS_LUA } from './refresh-own-keys.lua.js';
import { REMOVE_OWN_KEYS_LUA } from './remove-own-keys.lua.js';

/** What a key of ours holds; a script compares it with what is there. */
type KeyShape = 'entry' | 'index' | 'counters' | 'ranking' | 'visitors' | 'stream' | 'writer';

/** Where keys are, and which. */
export interface KeysOf {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  /** Any keys; those whose names are not ours are left alone. */
  readonly keys: readonly string[];
}

/** Removes log data. Keys of others stay, also those whose names look like ours. */
export async function removeOwnKeys({
  redis,
  keyspace,
  keys,
}: KeysOf): Promise<{ entries: number; others: number }> {
  const data = shapedKeys(keys, keyspace.base, ({ staysOnClear }) => staysOnClear !== true);
  if (data.length === 0) return { entries: 0, others: 0 };
  const args = [keyspace.base, ...data.map(({ shape }) => shape)];
  const names = data.map(({ key }) => key);
  const [entries = 0, others = 0] = (await runScript(redis, REMOVE_SCRIPT, names, args)) as number[];
  return { entries, others };
}

/** Makes writers forget the expiries they have set, and gives this one to keys that have none; entries have their own. */
export async function refreshOwnKeys(options: KeysOf & { readonly expiryMs: number }): Promise<void> {
  const { redis, keyspace, keys, expiryMs } = options;
  const own = shapedKeys(keys, keyspace.base, (row) => shapeOf(row) !== 'entry');
  if (own.length === 0) return;
  const args = [keyspace.base, expiryMs, ...own.map(({ shape }) => shape)];
  const names = own.map(({ key }) => key);
  await runScript(redis, REFRESH_SCRIPT, names, args);
}

/** Whether what was read as an entry is one by its key, which says its time. */
export function isOwnEntry({ id, timestamp }: Entry, base: string): boolean {
  const row = storageRowOf(id, base);
  const isEntryKey = row !== undefined && shapeOf(row) === 'entry';
  return isEntryKey && id.slice(base.length).startsWith(`:${timestamp}:`, 'req'.length);
}

const REMOVE_SCRIPT = redisScript(REMOVE_OWN_KEYS_LUA);
const REFRESH_SCRIPT = redisScript(REFRESH_OWN_KEYS_LUA);

function shapedKeys(
  keys: readonly string[],
  base: string,
  isWanted: (row: StorageRow) => boolean,
): { readonly key: string; readonly shape: KeyShape }[] {
  return keys.flatMap((key) => {
    const row = storageRowOf(key, base);
    const shape = row && isWanted(row) ? shapeOf(row) : undefined;
    return shape === undefined ? [] : [{ key, shape }];
  });
}

/** @returns `undefined` for a setting and for the list of writers, which neither is removed nor expires so. */
function shapeOf({ key, type }: StorageRow): KeyShape | undefined {
  if (/^(req|log):/.test(key)) return 'entry';
  if (key.startsWith('writers:')) return 'writer';
  if (/^(idx|oauth):/.test(key)) return 'index';
  if (type === 'stream') return 'stream';
  if (!key.startsWith('stats:')) return undefined;
  if (type === 'zset') return 'ranking';
  return type === 'string' ? 'visitors' : 'counters';
}
