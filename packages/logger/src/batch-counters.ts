import { bucketOf, type Entry, isError, type Keyspace, pathValue, RETENTION_CLASSES } from '@tailrace/schema';
import { classNumber } from './class-number.js';
import { type KnownValues, seedOf } from './known-values.js';

/** One counter key: how much each of its fields or members grows. */
export interface CounterGroup {
  readonly command: 'HINCRBY' | 'ZINCRBY';
  readonly key: string;
  readonly retention: number;
  readonly counts: Counts;
}

type Counts = Map<string | number, number>;

/** One HyperLogLog and the values it is given. */
export interface VisitorGroup {
  readonly key: string;
  readonly retention: number;
  readonly values: readonly string[];
}

/** Number of the class of minute histograms in the script's table: after the retention classes. */
const SHORT_STATS = RETENTION_CLASSES.length + 1;
const STATS = classNumber('stats');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NO_HOST = '-';

/** Adds up, over a batch, what its entries count for, so that a field grows once a batch and not once an entry. */
export class BatchCounters {
  readonly #keyspace: Keyspace;
  readonly #knownVisitors: KnownValues;
  readonly #hours = new Map<number, HourCounts>();
  readonly #hosts = new Map<string, HostCounts>();
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
    if (entry.kind !== 'request') return;
    hour.total++;
    grow(hour.levels, entry.level);
    if (entry.status_code !== undefined) grow(hour.statuses, entry.status_code);
    if (entry.bytes_sent !== undefined) hour.bytes += entry.bytes_sent;
    const path = pathValue(entry);
    if (path !== undefined) grow(hour.paths, path);
    const host = this.#hostOf(entry.proxy_hostname ?? NO_HOST);
    if (entry.response_time_ms !== undefined) host.addResponseTime(entry.timestamp, entry.response_time_ms);
    if (entry.client_ip !== undefined) host.addVisitor(hour.number, entry.client_ip, this.#knownVisitors);
  }

  counters(): readonly CounterGroup[] {
    const hours = [...this.#hours.values()].flatMap((hour) => hour.counters(this.#keyspace));
    return [...hours, ...[...this.#hosts.values()].flatMap((host) => host.histograms(this.#keyspace))];
  }

  visitors(): readonly VisitorGroup[] {
    return [...this.#hosts.values()].flatMap((host) => host.visitors(this.#keyspace));
  }

  /** Nearly all entries of a batch are of one hour. */
  #hourOf(timestamp: number): HourCounts {
    const number = Math.floor(timestamp / HOUR_MS);
    if (this.#hour?.number === number) return this.#hour;
    const hour = this.#hours.get(number) ?? new HourCounts(number);
    this.#hours.set(number, hour);
    this.#hour = hour;
    return hour;
  }

  #hostOf(name: string): HostCounts {
    let host = this.#hosts.get(name);
    if (host === undefined) {
      host = new HostCounts(name);
      this.#hosts.set(name, host);
    }
    return host;
  }
}

/** What the entries of one hour count for. */
class HourCounts {
  readonly number: number;
  readonly events: Counts = new Map();
  readonly errors: Counts = new Map();
  readonly levels: Counts = new Map();
  readonly statuses: Counts = new Map();
  readonly paths: Counts = new Map();
  total = 0;
  bytes = 0;

  constructor(number: number) {
    this.number = number;
  }

  counters(keyspace: Keyspace): CounterGroup[] {
    const timestamp = this.number * HOUR_MS;
    const requests: Counts = new Map();
    if (this.total > 0) requests.set('total', this.total);
    for (const [level, count] of this.levels) requests.set(`level_${level}`, count);
    for (const [status, count] of this.statuses) requests.set(`status_${status}`, count);
    if (this.bytes > 0) requests.set('bytes', this.bytes);
    const groups: CounterGroup[] = [
      { command: 'HINCRBY', key: keyspace.eventStats(timestamp), retention: STATS, counts: this.events },
      { command: 'HINCRBY', key: keyspace.errorStats(timestamp), retention: STATS, counts: this.errors },
      { command: 'HINCRBY', key: keyspace.requestStats(timestamp), retention: STATS, counts: requests },
      { command: 'ZINCRBY', key: keyspace.pathStats(timestamp), retention: STATS, counts: this.paths },
    ];
    return groups.filter(({ counts }) => counts.size > 0);
  }
}

/** What the requests of one host count for. */
class HostCounts {
  readonly #name: string;
  /** By minute; a batch's entries are of few. */
  readonly #responseTimes = new Map<number, Counts>();
  /** By hour. */
  readonly #visitors = new Map<number, string[]>();
  #seedHour = Number.NaN;
  #seed = 0;

  constructor(name: string) {
    this.#name = name;
  }

  addResponseTime(timestamp: number, durationMs: number): void {
    const minute = Math.floor(timestamp / MINUTE_MS);
    let counts = this.#responseTimes.get(minute);
    if (counts === undefined) {
      counts = new Map();
      this.#responseTimes.set(minute, counts);
    }
    grow(counts, bucketOf(durationMs));
  }

  addVisitor(hour: number, ip: string, known: KnownValues): void {
    if (hour !== this.#seedHour) {
      this.#seedHour = hour;
      this.#seed = seedOf(`${this.#name}:${hour}`);
    }
    if (known.has(ip, this.#seed)) return;
    known.add();
    const ips = this.#visitors.get(hour);
    if (ips === undefined) this.#visitors.set(hour, [ip]);
    else ips.push(ip);
  }

  histograms(keyspace: Keyspace): CounterGroup[] {
    return [...this.#responseTimes].map(([minute, counts]) => ({
      command: 'HINCRBY',
      key: keyspace.responseTimes(this.#name, minute * MINUTE_MS),
      retention: SHORT_STATS,
      counts,
    }));
  }

  visitors(keyspace: Keyspace): VisitorGroup[] {
    return [...this.#visitors].map(([hour, values]) => ({
      key: keyspace.uniqueIps(this.#name, hour * HOUR_MS),
      retention: STATS,
      values,
    }));
  }
}

function grow(counts: Counts, field: string | number, by = 1): void {
  counts.set(field, (counts.get(field) ?? 0) + by);
}
