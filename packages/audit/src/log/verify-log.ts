import type { LogReader } from '@tailrace/query';
import { DAY_MS, type Entry, MAX_FUTURE_MS, type RetentionDays } from '@tailrace/schema';
import { readCheckpoint } from './checkpoint.js';
import { Findings, type LogFinding } from './findings.js';
import { entryHash, timeOfId } from './leaf.js';
import type { ProofStore } from './proof-store.js';
import { TRAIL_LOST } from './trail-lost.js';
import { type KnownLeaves, TreeCheck } from './tree-check.js';

/** @see verifyLog */
export interface VerifyOptions {
  readonly store: ProofStore;
  /** Reads what is stored, in Redis and archive. */
  readonly reader: LogReader;
  readonly retentionDays: RetentionDays;
  /** Public keys that may have signed. */
  readonly publicKeys: readonly string[];
  /** Checkpoints kept elsewhere: the tree must have been as each of them says. */
  readonly checkpoints: readonly string[];
  /** When the proof began, epoch milliseconds, as somebody knows who cannot be deceived. @default as Redis says */
  readonly began?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** What the audit trail turned out to be. */
export interface LogVerification {
  /** Leaves that are signed. */
  readonly size: number;
  /** When the newest checkpoint was signed, epoch milliseconds. */
  readonly signedAt: number | undefined;
  /** The newest checkpoint. */
  readonly checkpoint: string;
  /** Entries that are stored as they were signed. */
  readonly proven: number;
  /** Entries that are stored and not signed yet. */
  readonly unsigned: number;
  /** Entries from before the proof began. */
  readonly before: number;
  /** Entries that went at the end of their time. */
  readonly expired: number;
  /** Entries that were cleared: an entry `logs.cleared` says so. */
  readonly cleared: number;
  /** How often a shard lost its trail. */
  readonly restarts: number;
  /** The first ones by place. */
  readonly findings: readonly LogFinding[];
  readonly findingCount: number;
  /** Why not all was looked at. */
  readonly reason: string | undefined;
}

/** The event of an entry that says which audit entries were cleared. */
export const CLEARED_EVENT = 'logs.cleared';
/** Leaves that one verification holds in memory: about 200 bytes each. */
const MAX_LEAVES = 2_000_000;
/** Leaves behind the tree that are named. */
const MAX_BEHIND = 1_000;
const READ = 5_000;
const PAGE = 1_000;

/**
 * Compares every audit entry that is stored with the tree, and the tree with what was signed.
 *
 * @throws what the connection throws; an abort's reason.
 */
export async function verifyLog(options: VerifyOptions): Promise<LogVerification> {
  const { store, publicKeys, signal, now = Date.now } = options;
  const findings = new Findings();
  const end = await store.treeEnd();
  // Later than the leaves, so it knows all of them.
  const state = await store.state();
  const signed = readCheckpoint(state.checkpoint, publicKeys);
  if (signed === undefined && (state.checkpoint !== '' || state.tree.size > 0))
    findings.add({ kind: 'checkpoint', what: 'leaf' });
  const roots = new Map<number, Buffer>();
  let size = signed?.size ?? 0;
  for (const note of options.checkpoints) {
    const kept = readCheckpoint(note, publicKeys);
    if (kept === undefined) continue;
    roots.set(kept.size, kept.root);
    size = Math.max(size, kept.size);
  }
  for (let place = Math.max(size, state.tree.size); place < end && place < size + MAX_BEHIND; place++)
    findings.add({ kind: 'added', place, what: 'leaf' });
  // Two that were signed of one size are compared as well.
  const other = signed && roots.get(signed.size);
  if (signed !== undefined && other !== undefined && !other.equals(signed.root))
    findings.add({ kind: 'tree', place: signed.size - 1, what: 'leaf' });
  if (signed !== undefined) roots.set(signed.size, signed.root);
  if (size > MAX_LEAVES) return { ...NOTHING, size, checkpoint: state.checkpoint, reason: TOO_MANY };
  const known = await readLeaves(store, size, new TreeCheck(findings, roots), signal);
  const walked = await walkEntries(
    options,
    known,
    findings,
    Math.min(options.began ?? Number.POSITIVE_INFINITY, state.began || now()),
  );
  const absent = walked.reason === undefined ? await judgeAbsent(options, known, walked, findings) : NONE;
  const open = await openIds(store, size, walked.unknown);
  let unsigned = 0;
  for (const id of walked.unknown) {
    if (open.has(id)) unsigned++;
    else findings.add({ kind: 'added', id, what: 'entry' });
  }
  return {
    size,
    signedAt: signed?.time,
    checkpoint: state.checkpoint,
    proven: walked.proven,
    unsigned,
    before: walked.before,
    ...absent,
    restarts: known.restarts,
    findings: findings.list,
    findingCount: findings.count,
    reason: walked.reason,
  };
}

const NONE = { expired: 0, cleared: 0 };
const NOTHING = {
  ...NONE,
  signedAt: undefined,
  proven: 0,
  unsigned: 0,
  before: 0,
  restarts: 0,
  findings: [],
  findingCount: 0,
};
const TOO_MANY = `the tree has more than ${MAX_LEAVES} entries; verify signed exports instead`;

async function readLeaves(
  store: ProofStore,
  size: number,
  check: TreeCheck,
  signal: AbortSignal | undefined,
): Promise<KnownLeaves> {
  for (let from = 0; from < size; ) {
    signal?.throwIfAborted();
    const leaves = await store.leaves(from, READ);
    for (const leaf of leaves) if (leaf.place < size) check.add(leaf);
    const last = leaves.at(-1);
    if (last === undefined) break;
    from = last.place + 1;
  }
  return check.end(size);
}

interface Walked {
  readonly proven: number;
  readonly before: number;
  /** By place, whether its entry was found. */
  readonly seen: Uint8Array;
  /** Ids of stored entries without a leaf. */
  readonly unknown: readonly string[];
  /** Places of entries that say that all was cleared: what came before the last of them may be gone. */
  readonly clearedBefore: number;
  readonly clearedIds: ReadonlySet<string>;
  readonly reason: string | undefined;
}

async function walkEntries(
  { reader, signal, now = Date.now }: VerifyOptions,
  { places, hashes }: KnownLeaves,
  findings: Findings,
  began: number,
): Promise<Walked> {
  const seen = new Uint8Array(hashes.length);
  const unknown: string[] = [];
  const clearedIds = new Set<string>();
  let [proven, before, clearedBefore] = [0, 0, 0];
  let reason: string | undefined;
  let cursor: Parameters<LogReader['search']>[0]['cursor'];
  const window = { from: 0, to: now() + MAX_FUTURE_MS };
  do {
    const request = { filter: { level: 'AUDIT' } as const, window, limit: PAGE, cursor };
    const page = await reader.search(request, signal === undefined ? {} : { signal });
    for (const entry of page.entries) look(entry);
    cursor = page.nextCursor ?? undefined;
    reason ??= page.reason;
  } while (cursor !== undefined);
  return { proven, before, seen, unknown, clearedBefore, clearedIds, reason };

  function look(entry: Entry): void {
    const { id } = entry;
    const place = places.get(id);
    if (place === undefined) {
      if (timeOfId(id) < began) before++;
      else unknown.push(id);
      return;
    }
    seen[place] = 1;
    if (entryHash(entry) !== hashes[place]) {
      findings.add({ kind: 'changed', place, id, what: 'entry' });
      return;
    }
    proven++;
    if (entry.event !== CLEARED_EVENT) return;
    if (entry.data?.all === true) clearedBefore = Math.max(clearedBefore, place);
    if (Array.isArray(entry.data?.ids)) for (const cleared of entry.data.ids) clearedIds.add(String(cleared));
  }
}

/** Says of each leaf without a stored entry where that went. */
async function judgeAbsent(
  { reader, retentionDays, signal, now = Date.now }: VerifyOptions,
  { hashes, ids }: KnownLeaves,
  { seen, clearedBefore, clearedIds }: Walked,
  findings: Findings,
): Promise<{ readonly expired: number; readonly cleared: number }> {
  const kept = now() - retentionDays.audit * DAY_MS;
  let [expired, cleared] = [0, 0];
  for (let place = 0; place < hashes.length; place++) {
    const id = ids[place];
    if (seen[place] === 1 || id === undefined || hashes[place] === TRAIL_LOST) continue;
    if (timeOfId(id) < kept) expired++;
    else if (place < clearedBefore || clearedIds.has(id)) cleared++;
    else {
      signal?.throwIfAborted();
      const entry = findings.count < MAX_LOOKED_UP ? await reader.entry(id) : undefined;
      // It is there, and no search finds it.
      const kind = entry === undefined ? 'removed' : entryHash(entry) === hashes[place] ? 'moved' : 'changed';
      findings.add({ kind, place, id, what: 'entry' });
    }
  }
  return { expired, cleared };
}

const MAX_LOOKED_UP = 1_000;

/** Which of the ids are on their way into the tree. First the trails: what leaves them is in the tree before. */
async function openIds(
  store: ProofStore,
  size: number,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const wanted = new Set(ids);
  const open = new Set<string>();
  if (wanted.size === 0) return open;
  for (let shard = 0; shard < store.shards; shard++) {
    for (let from = 0; ; ) {
      const leaves = await store.trail(shard, from, READ);
      for (const { id } of leaves) if (wanted.has(id)) open.add(id);
      if (leaves.length < READ) break;
      from = (leaves.at(-1)?.seq ?? 0) + 1;
    }
  }
  for (let from = size; ; ) {
    const leaves = await store.leaves(from, READ);
    for (const { id } of leaves) if (wanted.has(id)) open.add(id);
    if (leaves.length < READ) break;
    from = (leaves.at(-1)?.place ?? 0) + 1;
  }
  return open;
}
