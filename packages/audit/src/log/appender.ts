import { signCheckpoint } from './checkpoint.js';
import { hashOfLeaf, type Leaf } from './leaf.js';
import type { ProofFolder } from './proof-folder.js';
import type { ProofState, ProofStore, TrailPlace } from './proof-store.js';
import { TRAIL_LOST } from './trail-lost.js';
import { TreeGrowth } from './tree-growth.js';

/** @see createAppender */
export interface AppenderOptions {
  readonly store: ProofStore;
  readonly folder: ProofFolder;
  /** Names this appender among those of other gateways. */
  readonly owner: string;
  readonly report: (text: string) => void;
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** Appends what was audited to the tree, and signs it. */
export interface Appender {
  /**
   * Takes the lease, or renews it, and appends all there is; nothing when another appender has it.
   *
   * @returns whether this appender has the lease
   * @throws when Redis or the disk cannot go on; the next call goes on. Error when the tree in Redis is not the folder's.
   */
  tick(): Promise<boolean>;
  close(): Promise<void>;
}

const LEASE_MS = 10_000;
/** Leaves that are appended at once: a few ms of Redis. */
const COMMIT = 1_000;
const READ = 5_000;
/** A writer may be faster than a recovery. */
const RECOVERIES = 20;

/** The one who appends is whoever has the lease and knows the tree as it is, so it cannot fork. */
export function createAppender(options: AppenderOptions): Appender {
  const { store, folder, owner, report, now = Date.now } = options;
  let held: ProofState | undefined;

  async function tick(): Promise<boolean> {
    if (!(await store.takeLease(owner, LEASE_MS))) {
      held = undefined;
      return false;
    }
    try {
      held ??= await begin();
      while (await appendOnce()) await store.takeLease(owner, LEASE_MS);
      return true;
    } catch (error) {
      // Nobody knows what was done: look anew.
      held = undefined;
      if (!(error instanceof LeaseLostError)) throw error;
      return false;
    }
  }

  /** Brings folder and Redis to the same tree: each may lack what the other one has. */
  async function begin(): Promise<ProofState> {
    const state = await store.state();
    const known = new TreeGrowth();
    const missing: Leaf[] = [];
    const last = new Map<number, Leaf>();
    let rootThere = known.root();
    await folder.leaves((leaf, place) => {
      known.add(hashOfLeaf(leaf));
      last.set(leaf.shard, leaf);
      if (place + 1 === state.tree.size) rootThere = known.root();
      if (place >= state.tree.size) missing.push(leaf);
    });
    while (known.size < state.tree.size) {
      const leaves = await store.leaves(known.size, COMMIT);
      if (leaves.length === 0) break;
      const next = leaves.slice(0, state.tree.size - known.size);
      for (const leaf of next) known.add(hashOfLeaf(leaf));
      await folder.appendLeaves(next);
      rootThere = known.root();
    }
    if (!rootThere.equals(state.tree.root()))
      throw new Error(
        `the tree in Redis, of ${state.tree.size} entries, is not the one of ${folder.path}: nothing is appended`,
      );
    const began = state.began === 0 ? folder.began : state.began;
    let reached: ProofState = { ...state, began };
    const isLost = state.tree.size === 0 && missing.length > 0;
    // Without its state it is of no use.
    if (isLost) await store.dropTree();
    for (let i = 0; i < missing.length; i += COMMIT)
      reached = await commit(reached, missing.slice(i, i + COMMIT), false);
    for (const leaf of isLost ? last.values() : [])
      for (let tries = 0; tries < RECOVERIES && !(await recover(leaf, reached)); tries++);
    return reached;
  }

  /** @returns whether there may be more */
  async function appendOnce(): Promise<boolean> {
    const state = held as ProofState;
    const leaves: Leaf[] = [];
    for (let shard = 0; shard < store.shards; shard++) {
      const found = await newOf(shard, state.last.get(shard), COMMIT - leaves.length).catch((error) => {
        report(`the audit trail of shard ${shard} cannot be read: ${messageOf(error)}`);
        return [];
      });
      if (found.length > 0 && (await store.isReplicated(shard))) leaves.push(...found);
      if (leaves.length >= COMMIT) break;
    }
    if (leaves.length === 0) return false;
    held = await commit(state, leaves, true);
    await trim(leaves, held);
    return leaves.length >= COMMIT;
  }

  async function newOf(shard: number, last: TrailPlace | undefined, count: number): Promise<readonly Leaf[]> {
    const found = await store.trail(shard, last?.seq ?? 1, count + 1);
    if (last === undefined) return found.slice(0, count);
    const [first, ...rest] = found;
    if (first?.seq === last.seq && first.id === last.id) return rest;
    const leaf = { shard, ...last, hash: TRAIL_LOST };
    const isDone = await recover(leaf, held as ProofState);
    if (!isDone) return [];
    report(
      `the audit trail of shard ${shard} was lost behind entry ${last.seq}; its numbers go on from there`,
    );
    return [{ shard, seq: last.seq, id: `trail:${now()}:${last.id}`, hash: TRAIL_LOST }];
  }

  /** What is in a trail that was lost or went back, and not in the tree, comes behind the last leaf of its shard. */
  async function recover(last: Leaf, { tree }: ProofState): Promise<boolean> {
    const all: Leaf[] = [];
    for (;;) {
      const found = await store.trail(last.shard, (all.at(-1)?.seq ?? 0) + 1, READ);
      all.push(...found);
      if (found.length < READ) break;
    }
    if (all.length === 0) return store.renumberTrail(last, 0, []);
    const ids = new Set(all.map(({ id }) => id));
    for (let place = 0; place < tree.size && ids.size > 0; place += READ)
      for (const { id } of await store.leaves(place, READ)) ids.delete(id);
    const open = all.filter(({ id }) => ids.delete(id));
    return store.renumberTrail(last, all.at(-1)?.seq ?? 0, open);
  }

  async function commit(state: ProofState, leaves: readonly Leaf[], isNew: boolean): Promise<ProofState> {
    const tree = state.tree.copy();
    const last = new Map(state.last);
    for (const leaf of leaves) {
      tree.add(hashOfLeaf(leaf));
      if (leaf.hash !== TRAIL_LOST) last.set(leaf.shard, { seq: leaf.seq, id: leaf.id });
    }
    const checkpoint = signCheckpoint(tree, folder.signer, now());
    const after = { ...state, tree, last, checkpoint };
    if (!(await store.commit({ owner, size: state.tree.size, leaves, state: after })))
      throw new LeaseLostError('another gateway appends to the audit trail');
    if (isNew) await folder.appendLeaves(leaves);
    await folder.keepCheckpoint(checkpoint, now());
    return after;
  }

  /** The last one stays: it shows that the trail is still the same. */
  async function trim(leaves: readonly Leaf[], { last }: ProofState): Promise<void> {
    for (const shard of new Set(leaves.map(({ shard }) => shard)))
      await store.trimTrail(shard, last.get(shard)?.seq ?? 0);
  }

  return {
    tick,
    async close() {
      if (held !== undefined) await store.endLease(owner);
      held = undefined;
    },
  };
}

/** Somebody else goes on. */
class LeaseLostError extends Error {}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
