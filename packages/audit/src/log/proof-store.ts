import type { Shard } from '@tailrace/query';
import { redisScript, runScript } from '@tailrace/redis';
import type { Redis } from 'ioredis';
import { COMMIT_LEAVES_LUA } from './commit-leaves.lua.js';
import type { Leaf } from './leaf.js';
import { RENUMBER_TRAIL_LUA } from './renumber-trail.lua.js';
import { TAKE_PROOF_LEASE_LUA } from './take-proof-lease.lua.js';
import { TreeGrowth } from './tree-growth.js';

/** How far the tree is. */
export interface ProofState {
  readonly tree: TreeGrowth;
  /** The signed checkpoint of this size; '' before the first. */
  readonly checkpoint: string;
  /** When the proof began, epoch milliseconds; 0 before it did. */
  readonly began: number;
  /** Of each shard the entry that was appended last. */
  readonly last: ReadonlyMap<number, TrailPlace>;
}

/** Where an entry stands in the trail of its shard. */
export interface TrailPlace {
  readonly seq: number;
  readonly id: string;
}

/** @see ProofStore.commit */
export interface LeafCommit {
  readonly owner: string;
  /** Size the tree has before. */
  readonly size: number;
  readonly leaves: readonly Leaf[];
  readonly state: ProofState;
}

/** What the proof keeps in Redis: a trail on each shard, the rest on the first. Every method throws what the connection throws. */
export interface ProofStore {
  readonly shards: number;
  takeLease(owner: string, lastsMs: number): Promise<boolean>;
  /** Gives it back, where this owner has it. */
  endLease(owner: string): Promise<void>;
  state(): Promise<ProofState>;
  /** @returns whether it was done: not when somebody else has the lease, or the tree has another size. */
  commit(commit: LeafCommit): Promise<boolean>;
  /** Removes a tree whose state is lost, to write it anew. */
  dropTree(): Promise<void>;
  /** Leaves by their places from 0, as far as they are there. A place that is not in turn is a gap. */
  leaves(from: number, count: number): Promise<readonly PlacedLeaf[]>;
  /** Leaves there are, by the place of the last one. */
  treeEnd(): Promise<number>;
  /** Entries of a trail from a sequence number on, in order. */
  trail(shard: number, from: number, count: number): Promise<readonly Leaf[]>;
  /** Removes what is before a sequence number. */
  trimTrail(shard: number, before: number): Promise<void>;
  /**
   * Lets a trail that was lost go on behind the last leaf of its shard.
   *
   * @param newest number of the trail's newest entry as it was read, 0 for none
   * @param open entries of the trail that are not in the tree
   * @returns `false` when somebody has written meanwhile: nothing was done
   */
  renumberTrail(last: Leaf, newest: number, open: readonly Leaf[]): Promise<boolean>;
  /** Adds an entry that is stored and in no trail. */
  adopt(shard: number, id: string, hash: string): Promise<void>;
  /** Whether the replicas of a shard's master have all that was read from it before. A server that does not say has none. */
  isReplicated(shard: number): Promise<boolean>;
}

/** A leaf and its place in the tree, from 0. */
export interface PlacedLeaf extends Leaf {
  readonly place: number;
}

const COMMIT = redisScript(COMMIT_LEAVES_LUA);
const TAKE_LEASE = redisScript(TAKE_PROOF_LEASE_LUA);
const RENUMBER = redisScript(RENUMBER_TRAIL_LUA);
const END_LEASE = redisScript(
  "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0",
);

/** @param shards all shards, in the order of their numbers */
export function createProofStore(shards: readonly Shard[]): ProofStore {
  const { redis, keyspace } = shards[0] as Shard;
  const [leaseKey, stateKey, treeKey] = (['lease', 'state', 'tree'] as const).map((part) =>
    keyspace.proof(part),
  ) as [string, string, string];
  const shardAt = (shard: number) => {
    const { redis, keyspace } = shards[shard] as Shard;
    return { redis, key: keyspace.proof('trail') };
  };
  return {
    shards: shards.length,
    takeLease: async (owner, lastsMs) =>
      (await runScript(redis, TAKE_LEASE, [leaseKey], [owner, lastsMs])) === 1,
    endLease: async (owner) => void (await runScript(redis, END_LEASE, [leaseKey], [owner])),
    async state() {
      return readState(await redis.hgetall(stateKey));
    },
    async commit({ owner, size, leaves, state }) {
      const fields = stateFields(state);
      const values = leaves.flatMap(({ shard, seq, id, hash }) => [shard, seq, id, hash]);
      const args = [owner, size, fields.length / 2, ...fields, ...values];
      return (await runScript(redis, COMMIT, [leaseKey, stateKey, treeKey], args)) === 1;
    },
    dropTree: async () => void (await redis.unlink(treeKey)),
    async leaves(from, count) {
      const found = await redis.xrange(treeKey, `0-${from + 1}`, '+', 'COUNT', count);
      return found.map(([streamId, fields]) => {
        const { s, n, e = '', h = '' } = named(fields);
        return { place: sequenceOf(streamId) - 1, shard: Number(s), seq: Number(n), id: e, hash: h };
      });
    },
    async treeEnd() {
      const [last] = await redis.xrevrange(treeKey, '+', '-', 'COUNT', 1);
      return last === undefined ? 0 : sequenceOf(last[0]);
    },
    async trail(shard, from, count) {
      const { redis, key } = shardAt(shard);
      const found = await redis.xrange(key, `0-${Math.max(1, from)}`, '+', 'COUNT', count);
      return found.map(([streamId, fields]) => {
        const { e = '', h = '' } = named(fields);
        return { shard, seq: sequenceOf(streamId), id: e, hash: h };
      });
    },
    async trimTrail(shard, before) {
      const { redis, key } = shardAt(shard);
      await redis.xtrim(key, 'MINID', `0-${before}`);
    },
    async renumberTrail({ shard, seq, id, hash }, newest, open) {
      const { redis, key } = shardAt(shard);
      const values = open.flatMap((leaf) => [leaf.id, leaf.hash]);
      const args = [newest === 0 ? '' : `0-${newest}`, seq, id, hash, ...values];
      return (await runScript(redis, RENUMBER, [key], args)) === 1;
    },
    async adopt(shard, id, hash) {
      const { redis, key } = shardAt(shard);
      await redis.xadd(key, '0-*', 'e', id, 'h', hash);
    },
    isReplicated: (shard) => isReplicated(shardAt(shard).redis),
  };
}

async function isReplicated(redis: Redis): Promise<boolean> {
  const info = await redis.info('replication').catch(() => '');
  const own = Number(/^master_repl_offset:(\d+)/m.exec(info)?.[1]);
  const replicas = [...info.matchAll(/^slave\d+:.*state=online,offset=(\d+)/gm)];
  return replicas.every(([, offset]) => Number(offset) >= own);
}

function readState(fields: Readonly<Record<string, string>>): ProofState {
  const { size = '0', nodes = '', checkpoint = '', began = '0' } = fields;
  const last = new Map<number, TrailPlace>();
  for (const [name, value] of Object.entries(fields)) {
    const [, shard] = /^last:(\d+)$/.exec(name) ?? [];
    const space = value.indexOf(' ');
    if (shard !== undefined)
      last.set(Number(shard), { seq: Number(value.slice(0, space)), id: value.slice(space + 1) });
  }
  const hashes = nodes === '' ? [] : nodes.split(' ').map((text) => Buffer.from(text, 'base64'));
  return { tree: new TreeGrowth(Number(size), hashes), checkpoint, began: Number(began), last };
}

function stateFields({ tree, checkpoint, began, last }: ProofState): string[] {
  const fields: Record<string, string> = {
    size: String(tree.size),
    nodes: tree.nodes.map((node) => node.toString('base64')).join(' '),
    checkpoint,
    began: String(began),
  };
  for (const [shard, { seq, id }] of last) fields[`last:${shard}`] = `${seq} ${id}`;
  return Object.entries(fields).flat();
}

function named(fields: readonly string[]): { readonly [name: string]: string | undefined } {
  const values: Record<string, string> = {};
  for (let i = 0; i < fields.length; i += 2) values[fields[i] as string] = fields[i + 1] as string;
  return values;
}

function sequenceOf(streamId: string): number {
  return Number(streamId.slice(streamId.indexOf('-') + 1));
}
