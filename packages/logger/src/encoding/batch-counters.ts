import { type Entry, isError, type Keyspace, pathValue } from '@tailrace/schema';
import { classNumber } from './class-number.js';
import { type Counts, countsOf, grow, HostHour, type RequestCounts } from './host-hour.js';
import type { KnownValues } from './known-values.js';

/** One counter key: how much each of its fields or members grows. */
export interface CounterGroup {
  readonly command: 'HINCRBY' | 'ZINCRBY';
  readonly key: string;
  readonly retention: number;
  readonly counts: Counts;
}

/** One HyperLogLog and the values it is given. */
export interface VisitorGroup {
  readonly key: string;
  readonly retention: number;
  readonly values: readonly string[];
}

const STATS = classNumber('stats');
const HOUR_MS = 3_600_000;
/** Stands for the host of requests that came by none. */
const NO_HOST = '-';

/** Adds up, over a call, what its entries count for, so that a field grows once a call and not once an entry. */
export class BatchCounters {
  readonly #keyspace: Keyspace;
  readonly #knownVisitors: KnownValues;
  readonly #hours = new Map<number, HourCounts>();
  #hour: HourCounts | undefined;

  /** @param knownVisitors those this writer has counted already, by host and hour: counting them again changes nothing */
  constructor(keyspace: Keyspace, knownVisitors: KnownValues) {
    this.#keyspace = keyspace;
    this.#knownVisitors = knownVisitors;
  }

  add(entry: Entry): void {
    const hour = this.#hourOf(entry.timestamp);
    if (entry.event !== undefined) grow(hour.events, entry.event);
    if (isError(entry)) grow(hour.errors, entry.status_code ?? entry.level);
    hour.hostOf(entry.proxy_hostname ?? NO_HOST).add(entry, this.#knownVisitors);
    const path = entry.kind === 'request' ? pathValue(entry) : undefined;
    if (path !== undefined) grow(hour.paths, path);
  }

  counters(): readonly CounterGroup[] {
    return [...this.#hours.values()].flatMap((hour) => hour.counters(this.#keyspace));
  }

  visitors(): readonly VisitorGroup[] {
    return [...this.#hours.values()].flatMap((hour) => hour.visitors(this.#keyspace));
  }

  /** Nearly all entries of a call are of one hour. */
  #hourOf(timestamp: number): HourCounts {
    const number = Math.floor(timestamp / HOUR_MS);
    if (this.#hour?.number === number) return this.#hour;
    const hour = this.#hours.get(number) ?? new HourCounts(number);
    this.#hours.set(number, hour);
    this.#hour = hour;
    return hour;
  }
}

/** What the entries of one hour count for. */
class HourCounts {
  readonly number: number;
  readonly events: Counts = new Map();
  readonly errors: Counts = new Map();
  readonly paths: Counts = new Map();
  readonly #hosts = new Map<string, HostHour>();

  constructor(number: number) {
    this.number = number;
  }

  hostOf(name: string): HostHour {
    let host = this.#hosts.get(name);
    if (host === undefined) {
      host = new HostHour(name, this.number * HOUR_MS);
      this.#hosts.set(name, host);
    }
    return host;
  }

  counters(keyspace: Keyspace): CounterGroup[] {
    const at = this.number * HOUR_MS;
    const hosts = [...this.#hosts.values()];
    const hash = (key: string, counts: Counts): CounterGroup => ({
      command: 'HINCRBY',
      key,
      retention: STATS,
      counts,
    });
    const set = (key: string, counts: Counts): CounterGroup => ({ ...hash(key, counts), command: 'ZINCRBY' });
    const groups = [
      hash(keyspace.eventStats(at), this.events),
      hash(keyspace.errorStats(at), this.errors),
      hash(keyspace.requestStats(at), countsOf(hosts)),
      ...hosts
        .filter(({ name }) => name !== NO_HOST)
        .map((host) => hash(keyspace.requestStats(at, host.name), countsOf([host]))),
      set(keyspace.hostStats(at), requestsByHost(hosts)),
      set(keyspace.pathStats(at), this.paths),
      ...hosts.flatMap((host) => host.histograms(keyspace)),
    ];
    return groups.filter(({ counts }) => counts.size > 0);
  }

  visitors(keyspace: Keyspace): VisitorGroup[] {
    const at = this.number * HOUR_MS;
    return [...this.#hosts.values()]
      .filter(({ visitors }) => visitors.length > 0)
      .map(({ name, visitors }) => ({
        key: keyspace.uniqueIps(name, at),
        retention: STATS,
        values: visitors,
      }));
  }
}

function requestsByHost(hosts: readonly (RequestCounts & { readonly name: string })[]): Counts {
  return new Map(hosts.filter(({ total }) => total > 0).map(({ name, total }) => [name, total]));
}
