import { bucketOf, type Entry, isError, type Keyspace, pathValue, RETENTION_CLASSES } from '@tailrace/schema';
import { classNumber } from './batch-indexes.js';

/** One counter key: how much each of its fields or members grows. */
export interface CounterGroup {
  readonly command: 'HINCRBY' | 'ZINCRBY';
  readonly key: string;
  readonly retention: number;
  readonly counts: Map<string | number, number>;
}

/** One HyperLogLog and the values it is given. */
export interface VisitorGroup {
  readonly key: string;
  readonly retention: number;
  readonly values: Set<string>;
}

/** Number of the class of minute histograms in the script's table: after the retention classes. */
const SHORT_STATS = RETENTION_CLASSES.length + 1;
const STATS = classNumber('stats');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Adds up, over a batch, what its entries count for, so that a field grows once a batch and not once an entry. */
export class BatchCounters {
  readonly #keyspace: Keyspace;
  readonly #counters = new Map<string, CounterGroup>();
  /** By host, then by minute: entries of a batch are of few minutes, and joining both to a text is slow. */
  readonly #histograms = new Map<string, Map<number, CounterGroup>>();
  /** By host, then by hour. */
  readonly #visitors = new Map<string, Map<number, VisitorGroup>>();
  #hour: HourKeys | undefined;

  constructor(keyspace: Keyspace) {
    this.#keyspace = keyspace;
  }

  add(entry: Entry): void {
    const hour = this.#hourOf(entry.timestamp);
    if (entry.event !== undefined) grow(this.#group('HINCRBY', hour.events), entry.event);
    if (isError(entry)) grow(this.#group('HINCRBY', hour.errors), String(entry.status_code ?? entry.level));
    if (entry.kind !== 'request') return;
    const requests = this.#group('HINCRBY', hour.requests);
    grow(requests, 'total');
    grow(requests, `level_${entry.level}`);
    if (entry.status_code !== undefined) grow(requests, `status_${entry.status_code}`);
    if (entry.bytes_sent !== undefined) grow(requests, 'bytes', entry.bytes_sent);
    const path = pathValue(entry);
    if (path !== undefined) grow(this.#group('ZINCRBY', hour.paths), path);
    if (entry.response_time_ms !== undefined) this.#addResponseTime(entry, entry.response_time_ms);
    if (entry.client_ip !== undefined) this.#addVisitor(entry, entry.client_ip);
  }

  counters(): readonly CounterGroup[] {
    return [...this.#counters.values(), ...members(this.#histograms)];
  }

  visitors(): readonly VisitorGroup[] {
    return members(this.#visitors);
  }

  #addResponseTime(entry: Entry, duration: number): void {
    const host = entry.proxy_hostname ?? '-';
    const group = member<CounterGroup>(
      this.#histograms,
      host,
      Math.floor(entry.timestamp / MINUTE_MS),
      () => ({
        command: 'HINCRBY',
        key: this.#keyspace.responseTimes(host, entry.timestamp),
        retention: SHORT_STATS,
        counts: new Map(),
      }),
    );
    grow(group, bucketOf(duration));
  }

  #addVisitor(entry: Entry, ip: string): void {
    const host = entry.proxy_hostname ?? '-';
    const group = member<VisitorGroup>(this.#visitors, host, Math.floor(entry.timestamp / HOUR_MS), () => ({
      key: this.#keyspace.uniqueIps(host, entry.timestamp),
      retention: STATS,
      values: new Set(),
    }));
    group.values.add(ip);
  }

  #group(command: CounterGroup['command'], key: string): CounterGroup {
    let group = this.#counters.get(key);
    if (group === undefined) {
      group = { command, key, retention: STATS, counts: new Map() };
      this.#counters.set(key, group);
    }
    return group;
  }

  /** Formatting a time is slow, and nearly all entries of a batch are of one hour. */
  #hourOf(timestamp: number): HourKeys {
    const number = Math.floor(timestamp / HOUR_MS);
    if (this.#hour?.number !== number) {
      this.#hour = {
        number,
        requests: this.#keyspace.requestStats(timestamp),
        errors: this.#keyspace.errorStats(timestamp),
        events: this.#keyspace.eventStats(timestamp),
        paths: this.#keyspace.pathStats(timestamp),
      };
    }
    return this.#hour;
  }
}

interface HourKeys {
  readonly number: number;
  readonly requests: string;
  readonly errors: string;
  readonly events: string;
  readonly paths: string;
}

function member<T>(groups: Map<string, Map<number, T>>, host: string, time: number, make: () => T): T {
  let times = groups.get(host);
  if (times === undefined) {
    times = new Map();
    groups.set(host, times);
  }
  let group = times.get(time);
  if (group === undefined) {
    group = make();
    times.set(time, group);
  }
  return group;
}

function members<T>(groups: Map<string, Map<number, T>>): T[] {
  return [...groups.values()].flatMap((times) => [...times.values()]);
}

function grow(group: CounterGroup, field: string | number, by = 1): void {
  group.counts.set(field, (group.counts.get(field) ?? 0) + by);
}
