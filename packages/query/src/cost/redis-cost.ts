import {
  classOf,
  type Entry,
  INDEXES,
  type Keyspace,
  LONGER_CLASSES,
  type RetentionDays,
} from '@tailrace/schema';
import type { Shard } from '../shards/shard.js';
import { counterBytes } from './counter-bytes.js';
import { type Sampled, sampleEntries } from './entry-sample.js';
import { growthOf, type RedisGrowth } from './growth.js';
import { bytesOfKeys, sizesOfSets } from './key-sizes.js';

/** Bytes of one part of what is stored. */
export interface CostPart {
  readonly name: string;
  readonly bytes: number;
  /** Entries that are in it; `null` where it holds none. */
  readonly entries: number | null;
}

/** What logs take in Redis, estimated from a sample. Parts have the largest first. */
export interface RedisCost {
  /** Entries in Redis. */
  readonly entries: number;
  /** All of Tailrace: the sum of `parts`. */
  readonly bytes: number;
  /** Entries that were looked at. */
  readonly sampled: number;
  /** `entries` (the hashes), each index by its name, `stream`, `counters`. */
  readonly parts: readonly CostPart[];
  /** Entries with their share of the indexes. */
  readonly components: readonly CostPart[];
  readonly classes: readonly CostPart[];
  /** Of the server, shared with whoever else is there. */
  readonly usedBytes: number;
  /** `maxmemory`; 0: no bound. */
  readonly maxBytes: number;
  readonly growth: RedisGrowth;
}

/** Tells what logs take in Redis. */
export type RedisCostReader = (options?: { readonly signal?: AbortSignal }) => Promise<RedisCost>;

/** @see createRedisCost */
export interface RedisCostOptions {
  /** All of them; one server is one shard. */
  readonly shards: readonly Shard[];
  readonly retentionDays: RetentionDays;
  /** After how many hours entries leave Redis for an archive. @default none: they stay as long as their class */
  readonly hotHours?: number | undefined;
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

const MAX_COMPONENTS = 20;
/** Entries looked at, of all shards together. */
const SAMPLES = 400;

/**
 * Makes a reader of costs. A question looks at some 400 entries, the sorted sets these are in, and the counters of 72 hours:
 * at most some 15,000 commands a shard in pipelines, however much is stored. A member of a sorted set counts as its share of the
 * key.
 */
export function createRedisCost(options: RedisCostOptions): RedisCostReader {
  const { shards, retentionDays, hotHours, now = Date.now } = options;
  return async ({ signal } = {}) => {
    const samples = Math.ceil(SAMPLES / shards.length);
    const asked = { retentionDays, now: now(), samples, signal };
    const tallies: Tallies = { parts: new Tally(), components: new Tally(), classes: new Tally() };
    const found: Sampled[][] = [];
    const weighed: Weighed[] = [];
    const oldest: number[] = [];
    for (const shard of shards) {
      const sample = await sampleEntries({ ...shard, ...asked });
      found.push([...sample.sampled]);
      if (sample.oldest !== undefined) oldest.push(sample.oldest);
      weighed.push(...(await weigh(shard, sample.sampled, tallies, signal)));
      const stream = shard.keyspace.stream();
      tallies.parts.add('stream', (await bytesOfKeys(shard.redis, [stream], signal)).get(stream) ?? 0, 0);
      tallies.parts.add('counters', await counterBytes({ ...shard, ...asked }), 0);
    }
    const { usedBytes, maxBytes } = await memoryOf(shards);
    const all = tallies.parts.parts();
    const sampled = found.flat();
    return {
      entries: entriesOf(sampled),
      bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
      sampled: sampled.length,
      parts: all,
      components: tallies.components.parts(MAX_COMPONENTS),
      classes: tallies.classes.parts(),
      usedBytes,
      maxBytes,
      growth: growthOf({
        weighed,
        oldest: oldest.length === 0 ? undefined : Math.min(...oldest),
        now: asked.now,
        room: maxBytes === 0 ? undefined : Math.max(0, maxBytes - usedBytes),
        keptDays: hotHours === undefined ? retentionDays.requests : hotHours / 24,
      }),
    };
  };
}

interface Tallies {
  readonly parts: Tally;
  readonly components: Tally;
  readonly classes: Tally;
}

interface Weighed {
  readonly entry: Entry;
  readonly weight: number;
  readonly bytes: number;
}

/** Works out what each entry of a sample takes with its share of the indexes, and adds it up. */
async function weigh(
  { redis, keyspace }: Shard,
  sampled: readonly Sampled[],
  { parts, components, classes }: Tallies,
  signal: AbortSignal | undefined,
): Promise<Weighed[]> {
  const ids = sampled.map(({ entry }) => entry.id);
  const hashes = await bytesOfKeys(redis, ids, signal);
  const setKeys = new Set(sampled.flatMap(({ sets }) => sets.map(({ key }) => key)));
  const sets = await sizesOfSets(redis, [...setKeys], signal);
  const nameOf = indexNames(keyspace);
  return sampled.map(({ entry, weight, sets: own }) => {
    const hash = hashes.get(entry.id) ?? 0;
    let bytes = hash;
    parts.add('entries', hash * weight, weight);
    for (const { key } of own) {
      const size = sets.get(key);
      if (size === undefined || size.members === 0) continue;
      const share = size.bytes / size.members;
      bytes += share;
      parts.add(nameOf(key), share * weight, weight);
    }
    components.add(entry.component, bytes * weight, weight);
    classes.add(classOf(entry), bytes * weight, weight);
    return { entry, weight, bytes };
  });
}

function entriesOf(sampled: readonly Sampled[]): number {
  return Math.round(sampled.reduce((sum, { weight }) => sum + weight, 0));
}

/** Adds up bytes and entries by name. */
class Tally {
  readonly #sums = new Map<string, { bytes: number; entries: number }>();

  add(name: string, bytes: number, entries: number): void {
    const sum = this.#sums.get(name) ?? { bytes: 0, entries: 0 };
    sum.bytes += bytes;
    sum.entries += entries;
    this.#sums.set(name, sum);
  }

  /** The largest first; whole numbers. */
  parts(most = Number.POSITIVE_INFINITY): CostPart[] {
    return [...this.#sums]
      .map(([name, { bytes, entries }]) => ({
        name,
        bytes: Math.round(bytes),
        entries: entries === 0 ? null : Math.round(entries),
      }))
      .sort((a, b) => b.bytes - a.bytes)
      .slice(0, most);
  }
}

/** @returns the index a key is of, also where it is one of a class of its own */
function indexNames(keyspace: Keyspace): (key: string) => string {
  const names = new Map<string, string>();
  return (key) => {
    const known = names.get(key);
    if (known !== undefined) return known;
    const bare = key.slice(keyspace.base.length);
    const name = nameOfClassIndex(bare) ?? nameByPrefix(bare);
    names.set(key, name);
    return name;
  };
}

/** `ip` of `idx:errors:ip:192.0.2.1`. */
function nameOfClassIndex(bare: string): string | undefined {
  const [, of, name] = /^idx:([a-z]+):([a-z]+):/.exec(bare) ?? [];
  if (!LONGER_CLASSES.some((one) => one === of)) return undefined;
  return INDEXES.find((spec) => spec.keptByClass && spec.name === name)?.name;
}

function nameByPrefix(bare: string): string {
  const fitting = INDEXES.filter(({ prefix }) => bare.startsWith(prefix));
  return fitting.sort((a, b) => b.prefix.length - a.prefix.length)[0]?.name ?? 'other';
}

/**
 * Memory of all servers together; several shards may be on one, which counts once. Where one has no bound, all have none.
 * https://redis.io/docs/latest/commands/info/
 */
async function memoryOf(
  shards: readonly Shard[],
): Promise<{ readonly usedBytes: number; readonly maxBytes: number }> {
  const servers = new Map<string, { used: number; max: number }>();
  for (const { redis } of shards) {
    const info = `${await redis.info('server')}\n${await redis.info('memory')}`;
    const field = (name: string) => new RegExp(`^${name}:(\\w+)`, 'm').exec(info)?.[1] ?? '';
    servers.set(field('run_id'), { used: Number(field('used_memory')), max: Number(field('maxmemory')) });
  }
  const all = [...servers.values()];
  return {
    usedBytes: all.reduce((sum, { used }) => sum + used, 0),
    maxBytes: all.some(({ max }) => max === 0) ? 0 : all.reduce((sum, { max }) => sum + max, 0),
  };
}
