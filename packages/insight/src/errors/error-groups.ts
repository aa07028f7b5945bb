import { type Entry, HOUR_MS } from '@tailrace/schema';
import { type Fingerprint, fingerprintOf } from './fingerprint.js';
import {
  type ErrorGroupState,
  type GroupMark,
  type GroupMarks,
  isRegression,
  markOf,
  NO_MARKS,
  releasesOf,
} from './group-mark.js';

/** Errors with one fingerprint. Times are epoch milliseconds. */
export interface ErrorGroup extends Fingerprint {
  readonly count: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Occurrences by hour. */
  readonly hours: ReadonlyMap<number, number>;
  /** Whether it was seen before the window. */
  readonly isKnown: boolean;
  readonly state: ErrorGroupState;
  /** What a person said of it, as long as that holds. */
  readonly mark: GroupMark | undefined;
  /** Errors of the window that came after it was resolved. */
  readonly regressions: number;
  readonly levels: ReadonlySet<string>;
  readonly components: ReadonlySet<string>;
  readonly hosts: ReadonlySet<string>;
  readonly releases: ReadonlySet<string>;
  readonly users: ReadonlySet<string>;
  readonly ips: ReadonlySet<string>;
  /** Id of the newest entry, and the newest trace. */
  readonly sample: { readonly entry: string; readonly trace: string | null };
}

/** Groups that are told apart; errors of further ones are counted together. */
const MAX_GROUPS = 5_000;
/** Values of each field that are told apart. */
const MAX_VALUES = 1_000;
/** What is to be looked at first. */
const STATE_ORDER: readonly ErrorGroupState[] = ['regressed', 'new', 'known', 'resolved', 'muted'];

/** Groups errors as they are added, in any order; what comes out does not depend on it. */
export class ErrorGroups {
  readonly #groups = new Map<string, Writable<ErrorGroup>>();
  readonly #known = new Set<string>();
  readonly #marks: GroupMarks;
  readonly #now: number;
  /** Errors of groups past those that are told apart. */
  overflow = 0;

  /** @param options.now when marks are to hold, epoch milliseconds */
  constructor({
    marks = NO_MARKS,
    now = 0,
  }: { readonly marks?: GroupMarks | undefined; readonly now?: number } = {}) {
    this.#marks = marks;
    this.#now = now;
  }

  /** Notes an error from before the window. */
  addKnown(entry: Entry): void {
    if (this.#known.size < 10 * MAX_GROUPS) this.#known.add(fingerprintOf(entry).id);
  }

  add(entry: Entry): void {
    const fingerprint = fingerprintOf(entry);
    let group = this.#groups.get(fingerprint.id);
    if (group === undefined) {
      if (this.#groups.size >= MAX_GROUPS) {
        this.overflow += 1;
        return;
      }
      group = emptyGroup(fingerprint, entry, markOf(this.#marks, fingerprint.id, this.#now));
      this.#groups.set(fingerprint.id, group);
    }
    const { timestamp } = entry;
    const hour = Math.floor(timestamp / HOUR_MS) * HOUR_MS;
    group.count += 1;
    group.firstSeen = Math.min(group.firstSeen, timestamp);
    group.hours.set(hour, (group.hours.get(hour) ?? 0) + 1);
    if (timestamp >= group.lastSeen) {
      group.lastSeen = timestamp;
      group.sample = { entry: entry.id, trace: entry.trace_id ?? group.sample.trace };
    } else if (group.sample.trace === null && entry.trace_id !== undefined) {
      group.sample = { ...group.sample, trace: entry.trace_id };
    }
    note(group.levels, entry.level);
    note(group.components, entry.component);
    note(group.hosts, entry.proxy_hostname);
    note(group.users, entry.user_id);
    note(group.ips, entry.client_ip);
    for (const release of releasesOf(entry)) note(group.releases, release);
    if (isRegression(group.mark, entry)) group.regressions += 1;
  }

  /** Regressed and new ones first, resolved and muted ones last, then by how often, then by id. */
  list(): ErrorGroup[] {
    const groups = [...this.#groups.values()].map((group) => {
      const isKnown = this.#known.has(group.id);
      return { ...group, isKnown, state: stateOf(group, isKnown) };
    });
    const place = ({ state }: ErrorGroup) => STATE_ORDER.indexOf(state);
    return groups.sort((a, b) => place(a) - place(b) || b.count - a.count || (a.id < b.id ? -1 : 1));
  }
}

function stateOf({ mark, regressions }: Writable<ErrorGroup>, isKnown: boolean): ErrorGroupState {
  if (mark === undefined) return isKnown ? 'known' : 'new';
  return regressions > 0 ? 'regressed' : mark.state;
}

type Writable<T> = {
  -readonly [Name in keyof T]: T[Name] extends ReadonlySet<string>
    ? Set<string>
    : T[Name] extends ReadonlyMap<number, number>
      ? Map<number, number>
      : T[Name];
};

function emptyGroup(
  fingerprint: Fingerprint,
  { id, timestamp }: Entry,
  mark: GroupMark | undefined,
): Writable<ErrorGroup> {
  const set = () => new Set<string>();
  return {
    ...fingerprint,
    count: 0,
    firstSeen: timestamp,
    lastSeen: Number.NEGATIVE_INFINITY,
    hours: new Map(),
    isKnown: false,
    state: 'new',
    mark,
    regressions: 0,
    levels: set(),
    components: set(),
    hosts: set(),
    releases: set(),
    users: set(),
    ips: set(),
    sample: { entry: id, trace: null },
  };
}

function note(values: Set<string>, value: unknown): void {
  if (typeof value === 'string' && values.size < MAX_VALUES) values.add(value);
}
