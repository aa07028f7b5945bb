import {
  type Cursor,
  classOf,
  type Entry,
  type Filter,
  indexNamed,
  type Keyspace,
  oauthJoinsOf,
  scoreRange,
  type TimeWindow,
} from '@tailrace/schema';
import { compileFilter } from '../filter/compile-filter.js';
import { visitEntries } from '../search/entry-fetch.js';
import type { LogReader } from '../search/reader.js';
import type { Shard } from '../shards/shard.js';

/** What is read for one question at most. */
export interface FlowBudget {
  /** Entries that fit the question. */
  readonly seeds: number;
  /** Entries of all flows found, those that fit the question included. */
  readonly entries: number;
}

/** @see FlowBudget */
export const DEFAULT_FLOW_BUDGET: FlowBudget = { seeds: 10_000, entries: 40_000 };

/** What to read. */
export interface FlowEntriesRequest {
  /** All there are. */
  readonly shards: readonly Shard[];
  readonly reader: LogReader;
  readonly filter: Filter;
  readonly window: TimeWindow;
  readonly budget: FlowBudget;
  readonly signal: AbortSignal | undefined;
  /** Whether Redis has every entry of a window. @default it has */
  readonly isIndexed?: ((window: TimeWindow) => boolean) | undefined;
}

/** Entries of whole flows. */
export interface FlowEntries {
  readonly entries: readonly Entry[];
  /** Ids of the entries that fit the question. */
  readonly seeds: ReadonlySet<string>;
  /** True: older entries were left out. */
  readonly partial: boolean;
}

/** How far a flow may reach out of the window that was asked for. */
const REACH_MS = 86_400_000;
/** Of one join: its first steps, which lead on, and its last, which say how it went. */
const OLDEST_OF_JOIN = 50;
const NEWEST_OF_JOIN = 450;
/** From state to code to refresh token to refresh token …: each round is one step further. */
const MAX_ROUNDS = 32;
const PAGE = 1_000;

/** Finds the OAuth entries a filter wants, then all entries joined to them, of whatever address or user. */
export async function readFlowEntries(request: FlowEntriesRequest): Promise<FlowEntries> {
  const { reader, window, budget, signal } = request;
  const filter = compileFilter({ ...request.filter, event: 'oauth.*' });
  const known = new Map<string, Entry>();
  let cursor: Cursor | undefined;
  do {
    const page = await reader.search(
      {
        filter,
        window,
        limit: Math.min(PAGE, budget.seeds - known.size),
        cursor,
      },
      signal === undefined ? {} : { signal },
    );
    for (const entry of page.entries) known.set(entry.id, entry);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && known.size < budget.seeds);
  const seeds = new Set(known.keys());
  const reach = { from: window.from - REACH_MS, to: window.to + REACH_MS };
  if (request.isIndexed?.(reach) === false) {
    const isWhole = await addOfSealed(request, reach, known);
    return { entries: [...known.values()], seeds, partial: cursor !== undefined || !isWhole };
  }
  const isWhole = await addJoined(request, known);
  await addOfSessions(request, known);
  return { entries: [...known.values()], seeds, partial: cursor !== undefined || !isWhole };
}

/**
 * Without the indexes of joins, all OAuth entries around the window are read once, and joined here.
 *
 * @returns whether all was read
 */
async function addOfSealed(
  { reader, budget, signal }: FlowEntriesRequest,
  window: TimeWindow,
  known: Map<string, Entry>,
): Promise<boolean> {
  const byJoin = new Map<string, Entry[]>();
  const bySession = new Map<string, Entry[]>();
  const filter = compileFilter({ event: 'oauth.*' });
  let cursor: Cursor | undefined;
  let read = 0;
  do {
    const request = { filter, window, limit: PAGE, cursor };
    const page = await reader.search(request, signal === undefined ? {} : { signal });
    for (const entry of page.entries) {
      const joins = oauthJoinsOf(entry);
      for (const join of joins) put(byJoin, join, entry);
      if (joins.length === 0 && entry.session_id !== undefined) put(bySession, entry.session_id, entry);
    }
    read += page.entries.length;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && read < budget.entries);
  const followed = new Set<string>();
  for (let added: readonly Entry[] = [...known.values()]; added.length > 0; ) {
    const joins = new Set(added.flatMap(oauthJoinsOf).filter((join) => !followed.has(join)));
    for (const join of joins) followed.add(join);
    added = [...joins].flatMap((join) => byJoin.get(join) ?? []).filter(({ id }) => !known.has(id));
    for (const entry of added) known.set(entry.id, entry);
  }
  const entries = [...known.values()].filter((entry) => classOf(entry) === 'oauth');
  const sessions = new Set(entries.flatMap(({ session_id: session }) => session ?? []));
  for (const session of sessions) {
    for (const entry of bySession.get(session) ?? []) known.set(entry.id, entry);
  }
  return cursor === undefined;
}

function put(lists: Map<string, Entry[]>, name: string, entry: Entry): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [entry]);
  else list.push(entry);
}

/** @returns whether all was read. */
async function addJoined(request: FlowEntriesRequest, known: Map<string, Entry>): Promise<boolean> {
  const { budget, signal } = request;
  const spec = indexNamed('oauth_flow');
  const read = new Set<string>();
  let added: Iterable<Entry> = known.values();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const joins = [...new Set([...added].flatMap(oauthJoinsOf))].filter((join) => !read.has(join));
    if (joins.length === 0) return true;
    if (known.size >= budget.entries) return false;
    signal?.throwIfAborted();
    for (const join of joins) read.add(join);
    added = await readMembers(request, (keyspace) => joins.map((join) => keyspace.index(spec, join)), known);
    for (const entry of added) known.set(entry.id, entry);
  }
  return false;
}

/** Steps that only say their session. Those with a join of their own are of other flows, or known already. */
async function addOfSessions(request: FlowEntriesRequest, known: Map<string, Entry>): Promise<void> {
  const spec = indexNamed('session');
  const entries = [...known.values()].filter((entry) => classOf(entry) === 'oauth');
  const sessions = new Set(entries.flatMap(({ session_id: session }) => session ?? []));
  const keysOf = (keyspace: Keyspace) =>
    [...sessions].map((session) => keyspace.classIndex('oauth', spec, session));
  for (const entry of await readMembers(request, keysOf, known)) {
    if (oauthJoinsOf(entry).length === 0) known.set(entry.id, entry);
  }
}

/** The members of some indexes, on every shard: the steps of a flow come from more than one address. */
async function readMembers(
  request: FlowEntriesRequest,
  keysOf: (keyspace: Keyspace) => readonly string[],
  known: ReadonlyMap<string, Entry>,
): Promise<Entry[]> {
  const read = request.shards.map((shard) => readMembersOf(shard, request, keysOf(shard.keyspace), known));
  return (await Promise.all(read)).flat();
}

async function readMembersOf(
  { redis }: Shard,
  { window, budget, signal }: FlowEntriesRequest,
  keys: readonly string[],
  known: ReadonlyMap<string, Entry>,
): Promise<Entry[]> {
  const { lowest, highest } = scoreRange({ from: window.from - REACH_MS, to: window.to + REACH_MS });
  const found: Entry[] = [];
  for (let i = 0; i < keys.length && known.size + found.length < budget.entries; i += PAGE) {
    const pipeline = redis.pipeline();
    for (const key of keys.slice(i, i + PAGE)) {
      pipeline.zrangebyscore(key, lowest, highest, 'LIMIT', 0, OLDEST_OF_JOIN);
      pipeline.zrevrangebyscore(key, highest, lowest, 'LIMIT', 0, NEWEST_OF_JOIN);
    }
    const ids = new Set<string>();
    for (const [error, members] of (await pipeline.exec()) ?? []) {
      if (error !== null) throw error;
      for (const id of members as string[]) if (!known.has(id)) ids.add(id);
    }
    await visitEntries({
      redis,
      ids: [...ids],
      signal,
      visit(entry) {
        if (entry.event?.startsWith('oauth.')) found.push(entry);
        return true;
      },
    });
  }
  return found;
}
