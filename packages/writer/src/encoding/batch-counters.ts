import { type Entry, HOUR_MS, isError, type Keyspace, type OutsideValues } from '@tailrace/schema';
import { classNumber } from './class-number.js';
import { type Counter, CounterKey } from './counter-key.js';
import { HostHour, TOTAL, type VisitorKey } from './host-hour.js';
import { KnownValues } from './known-values.js';

/** Stands for the host of requests that came by none. */
const NO_HOST = '-';
/** Hours, and in each hosts and paths, that stay known from chunk to chunk; past them all are made anew. */
const MAX_HOURS = 4;
const MAX_HOSTS = 500;
const MAX_PATHS = 10_000;

/**
 * Adds up, over a chunk, what its entries count for, so that a field grows once a chunk and not once an entry. Keys and
 * fields stay known from chunk to chunk, because making and encoding them is the dearest part.
 */
export class BatchCounters {
  readonly #keyspace: Keyspace;
  readonly #outside: OutsideValues;
  /** Addresses this writer has counted already, by host and hour: counting them again changes nothing. */
  readonly #knownVisitors = new KnownValues();
  readonly #hours = new Map<number, HourCounts>();
  #hour: HourCounts | undefined;

  constructor(keyspace: Keyspace, outside: OutsideValues) {
    this.#keyspace = keyspace;
    this.#outside = outside;
  }

  add(entry: Entry): void {
    const hour = this.#hourOf(entry.timestamp);
    if (entry.event !== undefined) hour.events.grow(entry.event);
    if (isError(entry))
      hour.errors.grow(entry.status_code === undefined ? entry.level : String(entry.status_code));
    hour.hostOf(this.#outside.hostOf(entry) ?? NO_HOST).add(entry, this.#knownVisitors);
    const path = entry.kind === 'request' ? this.#outside.pathOf(entry) : undefined;
    if (path !== undefined) hour.paths.grow(path);
  }

  /** The counters the current chunk adds to. */
  counters(): Counter[] {
    return [...this.#hours.values()].flatMap((hour) => hour.counters());
  }

  /** The HyperLogLogs the current chunk adds to. */
  visitors(): VisitorKey[] {
    const hosts = [...this.#hours.values()].flatMap((hour) => [...hour.hosts.values()]);
    return hosts.map(({ visitors }) => visitors).filter(({ values }) => values.length > 0);
  }

  /** Ends the current chunk. */
  clear(): void {
    if (this.#hours.size > MAX_HOURS) this.#hours.clear();
    for (const [number, hour] of this.#hours) {
      if (hour.isTooLarge) this.#hours.delete(number);
      else hour.clear();
    }
    this.#hour = undefined;
  }

  /** Every visitor is counted anew. */
  forgetVisitors(): void {
    this.#knownVisitors.clear();
  }

  /** Nearly all entries of a call are of one hour. */
  #hourOf(timestamp: number): HourCounts {
    const number = Math.floor(timestamp / HOUR_MS);
    if (this.#hour?.number === number) return this.#hour;
    const hour = this.#hours.get(number) ?? new HourCounts(this.#keyspace, number);
    this.#hours.set(number, hour);
    this.#hour = hour;
    return hour;
  }
}

/** What the entries of one hour count for. */
class HourCounts {
  readonly number: number;
  readonly events: CounterKey;
  readonly errors: CounterKey;
  readonly paths: CounterKey;
  readonly hosts = new Map<string, HostHour>();
  readonly #keyspace: Keyspace;
  /** Of all hosts together, and requests by host. */
  readonly #requests: CounterKey;
  readonly #hostTotals: CounterKey;

  constructor(keyspace: Keyspace, number: number) {
    this.number = number;
    this.#keyspace = keyspace;
    const at = number * HOUR_MS;
    const retention = classNumber('stats');
    this.events = new CounterKey('HINCRBY', keyspace.eventStats(at), retention);
    this.errors = new CounterKey('HINCRBY', keyspace.errorStats(at), retention);
    this.paths = new CounterKey('ZINCRBY', keyspace.pathStats(at), retention);
    this.#requests = new CounterKey('HINCRBY', keyspace.requestStats(at), retention);
    this.#hostTotals = new CounterKey('ZINCRBY', keyspace.hostStats(at), retention);
  }

  hostOf(name: string): HostHour {
    let host = this.hosts.get(name);
    if (host === undefined) {
      host = new HostHour(this.#keyspace, name, this.number * HOUR_MS);
      this.hosts.set(name, host);
    }
    return host;
  }

  get isTooLarge(): boolean {
    return this.hosts.size > MAX_HOSTS || this.paths.known > MAX_PATHS || this.events.known > MAX_PATHS;
  }

  counters(): Counter[] {
    const hosts = [...this.hosts.values()];
    for (const { name, requests } of hosts)
      this.#hostTotals.grow(name, requests.growTo(this.#requests, TOTAL));
    return [
      this.events,
      this.errors,
      this.#requests,
      ...hosts.filter(({ name }) => name !== NO_HOST).map(({ requests }) => requests),
      this.#hostTotals,
      this.paths,
      ...hosts.flatMap((host) => [...host.responseTimes()]),
    ].filter(({ size }) => size > 0);
  }

  /** Ends the current chunk. */
  clear(): void {
    for (const key of [this.events, this.errors, this.paths, this.#requests, this.#hostTotals]) key.clear();
    for (const host of this.hosts.values()) host.clear();
  }
}
