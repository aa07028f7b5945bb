import { type Entry, oauthJoinsOf } from '@tailrace/schema';
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
  const sorted = inOrderOfSteps(entries);
  const joins = sorted.map(oauthJoinsOf);
  const sets = new DisjointSets(sorted.length);
  joinByKeys(sorted, joins, sets);
  joinBySession(sorted, joins, sets);
  const flows = new Map<number, Entry[]>();
  sorted.forEach((entry, place) => {
    const flow = sets.find(place);
    const known = flows.get(flow);
    if (known === undefined) flows.set(flow, [entry]);
    else known.push(entry);
  });
  return [...flows.values()];
}

function joinByKeys(
  entries: readonly Entry[],
  joins: readonly (readonly string[])[],
  sets: DisjointSets,
): void {
  const places = new Map<string, number[]>();
  entries.forEach((_, place) => {
    for (const join of joins[place] as readonly string[]) {
      const known = places.get(join);
      if (known === undefined) places.set(join, [place]);
      else known.push(place);
    }
  });
  for (const [join, members] of places) {
    if (join.startsWith('state:')) joinByState(members, joins, sets);
    else for (const place of members) sets.unite(members[0] as number, place);
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

function joinBySession(
  entries: readonly Entry[],
  joins: readonly (readonly string[])[],
  sets: DisjointSets,
): void {
  const sessions = new Map<string, number[]>();
  entries.forEach(({ session_id: session }, place) => {
    if (session === undefined) return;
    const members = sessions.get(session) ?? [];
    sessions.set(session, members);
    if (joins[place]?.length === 0) {
      const before = lastOf(members, entries, place);
      if (before !== undefined) sets.unite(before, place);
    }
    members.push(place);
  });
}

/** The newest step before, of the same client where both say whose they are. */
function lastOf(members: readonly number[], entries: readonly Entry[], place: number): number | undefined {
  const { timestamp, client_id: client } = entries[place] as Entry;
  return members.findLast((member) => {
    const other = entries[member] as Entry;
    const isSameClient = client === undefined || other.client_id === undefined || other.client_id === client;
    return isSameClient && timestamp - other.timestamp <= SESSION_GAP_MS;
  });
}
