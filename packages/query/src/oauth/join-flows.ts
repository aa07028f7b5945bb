import { type Entry, oauthJoinsOf } from '@tailrace/schema';
import { atOnce, type Work } from '../turns.js';
import { DisjointSets } from './disjoint-sets.js';
import { inOrderOfSteps } from './step-order.js';

/** A step that names no flow follows one of its session within this time. */
const SESSION_GAP_MS = 1_800_000;

/**
 * Puts the entries of each flow together: those that share a hash of a code, state, token or the like, directly or over
 * others. An entry without any goes to the flow its session was in. Addresses say nothing: many people share one.
 *
 * @returns each flow's entries oldest to newest; flows by their first entry
 */
export function joinFlows(entries: readonly Entry[]): Entry[][] {
  return atOnce(joiningFlows(entries));
}

/** The same, as work that yields after every {@link STEP_ENTRIES} entries. */
export function* joiningFlows(entries: readonly Entry[]): Work<Entry[][]> {
  const sorted = inOrderOfSteps(entries);
  yield;
  const joins: (readonly string[])[] = [];
  for (const entry of sorted) {
    joins.push(oauthJoinsOf(entry));
    if (joins.length % STEP_ENTRIES === 0) yield;
  }
  const sets = new DisjointSets(sorted.length);
  yield* joinByKeys(joins, sets);
  yield* joinBySession(sorted, joins, sets);
  const flows = new Map<number, Entry[]>();
  for (const [place, entry] of sorted.entries()) {
    const flow = sets.find(place);
    const known = flows.get(flow);
    if (known === undefined) flows.set(flow, [entry]);
    else known.push(entry);
    if (place % STEP_ENTRIES === 0) yield;
  }
  return [...flows.values()];
}

/** Some tenths of a millisecond. */
const STEP_ENTRIES = 100;

function* joinByKeys(joins: readonly (readonly string[])[], sets: DisjointSets): Work<void> {
  const places = new Map<string, number[]>();
  for (const [place, ofEntry] of joins.entries()) {
    for (const join of ofEntry) {
      const known = places.get(join);
      if (known === undefined) places.set(join, [place]);
      else known.push(place);
    }
    if (place % STEP_ENTRIES === 0) yield;
  }
  for (const [join, members] of places) {
    if (join.startsWith('state:')) joinByState(members, joins, sets);
    else for (const place of members) sets.unite(members[0] as number, place);
    yield;
  }
}

/**
 * A client that sends the same state with every login is mistaken, but its logins stay apart: a step without a code
 * belongs to the next code that is new, and after the last one to that.
 */
function joinByState(
  members: readonly number[],
  joins: readonly (readonly string[])[],
  sets: DisjointSets,
): void {
  const codes = new Set<string>();
  let waiting: number[] = [];
  let last = members[0] as number;
  for (const place of members) {
    const code = joins[place]?.find((join) => join.startsWith('code:'));
    if (code === undefined) {
      waiting.push(place);
      continue;
    }
    last = place;
    if (codes.has(code)) continue;
    codes.add(code);
    for (const earlier of waiting) sets.unite(place, earlier);
    waiting = [];
  }
  for (const place of waiting) sets.unite(last, place);
}

function* joinBySession(
  entries: readonly Entry[],
  joins: readonly (readonly string[])[],
  sets: DisjointSets,
): Work<void> {
  const sessions = new Map<string, number[]>();
  for (const [place, { session_id: session }] of entries.entries()) {
    if (place % STEP_ENTRIES === 0) yield;
    if (session === undefined) continue;
    const members = sessions.get(session) ?? [];
    sessions.set(session, members);
    if (joins[place]?.length === 0) {
      const before = lastOf(members, entries, place);
      if (before !== undefined) sets.unite(before, place);
    }
    members.push(place);
  }
}

/** The newest step before, of the same client where both say whose they are. */
function lastOf(members: readonly number[], entries: readonly Entry[], place: number): number | undefined {
  const { timestamp, client_id: client } = entries[place] as Entry;
  for (let i = members.length - 1; i >= 0; i--) {
    const member = members[i] as number;
    const other = entries[member] as Entry;
    if (timestamp - other.timestamp > SESSION_GAP_MS) return undefined;
    const isSameClient = client === undefined || other.client_id === undefined || other.client_id === client;
    if (isSameClient) return member;
  }
  return undefined;
}
