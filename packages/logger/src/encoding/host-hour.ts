import { bucketOf, type Entry, type Keyspace, RETENTION_CLASSES } from '@tailrace/schema';
import type { CounterGroup } from './batch-counters.js';
import { type KnownValues, seedOf } from './known-values.js';

/** How much each field or member grows. */
export type Counts = Map<string | number, number>;

/** What is counted for all hosts together and for each. */
export interface RequestCounts {
  readonly total: number;
  readonly bytes: number;
  readonly levels: Counts;
  readonly statuses: Counts;
  /** Entries that are no requests, by level. */
  readonly logs: Counts;
}

/** Number of the class of minute histograms in the script's table: after the retention classes. */
const SHORT_STATS = RETENTION_CLASSES.length + 1;
const MINUTE_MS = 60_000;

/** What the entries of one host in one hour count for. */
export class HostHour implements RequestCounts {
  readonly name: string;
  readonly levels: Counts = new Map();
  readonly statuses: Counts = new Map();
  readonly logs: Counts = new Map();
  /** Addresses not counted before. */
  readonly visitors: string[] = [];
  total = 0;
  bytes = 0;
  readonly #seed: number;
  /** By minute; a call's entries are of few. */
  readonly #responseTimes = new Map<number, Counts>();

  /** @param hourMs epoch milliseconds of the hour's begin */
  constructor(name: string, hourMs: number) {
    this.name = name;
    this.#seed = seedOf(`${name}:${hourMs}`);
  }

  add(entry: Entry, knownVisitors: KnownValues): void {
    if (entry.kind === 'log') {
      grow(this.logs, entry.level);
      return;
    }
    this.total++;
    grow(this.levels, entry.level);
    if (entry.status_code !== undefined) grow(this.statuses, entry.status_code);
    if (entry.bytes_sent !== undefined) this.bytes += entry.bytes_sent;
    if (entry.response_time_ms !== undefined) this.#addResponseTime(entry.timestamp, entry.response_time_ms);
    if (entry.client_ip !== undefined && !knownVisitors.has(entry.client_ip, this.#seed)) {
      knownVisitors.add();
      this.visitors.push(entry.client_ip);
    }
  }

  histograms(keyspace: Keyspace): CounterGroup[] {
    return [...this.#responseTimes].map(([minute, counts]) => ({
      command: 'HINCRBY',
      key: keyspace.responseTimes(this.name, minute * MINUTE_MS),
      retention: SHORT_STATS,
      counts,
    }));
  }

  #addResponseTime(timestamp: number, durationMs: number): void {
    const minute = Math.floor(timestamp / MINUTE_MS);
    let counts = this.#responseTimes.get(minute);
    if (counts === undefined) {
      counts = new Map();
      this.#responseTimes.set(minute, counts);
    }
    grow(counts, bucketOf(durationMs));
  }
}

/** Fields of `stats:requests:…` for these hosts together. */
export function countsOf(hosts: readonly RequestCounts[]): Counts {
  const counts: Counts = new Map();
  for (const { total, bytes, levels, statuses, logs } of hosts) {
    if (total > 0) grow(counts, 'total', total);
    if (bytes > 0) grow(counts, 'bytes', bytes);
    for (const [level, count] of levels) grow(counts, `level_${level}`, count);
    for (const [status, count] of statuses) grow(counts, `status_${status}`, count);
    for (const [level, count] of logs) grow(counts, `log_${level}`, count);
  }
  return counts;
}

export function grow(counts: Counts, field: string | number, by = 1): void {
  counts.set(field, (counts.get(field) ?? 0) + by);
}
