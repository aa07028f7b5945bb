import { type Entry, type Keyspace, LEVEL_NAMES, type Level, MINUTE_MS } from '@tailrace/schema';
import { classNumber, SHORT_STATS_NUMBER } from './class-number.js';
import { CounterKey } from './counter-key.js';
import type { ExpiringKey } from './expiry-refresh.js';
import { type KnownValues, seedOf } from './known-values.js';
import { MessagePackWriter } from './message-pack.js';
import { MinuteHistogram } from './minute-histogram.js';

/** One HyperLogLog, and the values the chunk being encoded adds to it. */
export interface VisitorKey extends ExpiringKey {
  /** The key, encoded for the payload. */
  readonly bytes: Uint8Array;
  /** Addresses not counted before. */
  values: string[];
}

/** What the entries of one host in one hour count for. */
export class HostHour {
  readonly name: string;
  /** `stats:requests:…` of this host. */
  readonly requests: CounterKey;
  readonly visitors: VisitorKey;
  readonly #keyspace: Keyspace;
  readonly #seed: number;
  /** By minute; a call's entries are of few. */
  readonly #responseTimes = new Map<number, MinuteHistogram>();

  /** @param hourMs epoch milliseconds of the hour's begin */
  constructor(keyspace: Keyspace, name: string, hourMs: number) {
    this.name = name;
    this.#keyspace = keyspace;
    this.#seed = seedOf(`${name}:${hourMs}`);
    this.requests = new CounterKey('HINCRBY', keyspace.requestStats(hourMs, name), classNumber('stats'));
    this.visitors = {
      bytes: MessagePackWriter.encoded(keyspace.uniqueIps(name, hourMs)),
      retention: classNumber('stats'),
      refreshedIn: 0,
      values: [],
    };
  }

  add(entry: Entry, knownVisitors: KnownValues): void {
    const { requests } = this;
    if (entry.kind === 'log') {
      requests.grow(LOG_FIELDS[entry.level]);
      return;
    }
    requests.grow(TOTAL);
    requests.grow(LEVEL_FIELDS[entry.level]);
    if (entry.status_code !== undefined) requests.grow(STATUS_FIELDS[entry.status_code] as string);
    if (entry.bytes_sent !== undefined) requests.grow('bytes', entry.bytes_sent);
    if (entry.response_time_ms !== undefined) this.#minuteOf(entry.timestamp).add(entry.response_time_ms);
    if (entry.client_ip !== undefined && !knownVisitors.has(entry.client_ip, this.#seed)) {
      knownVisitors.add();
      this.visitors.values.push(entry.client_ip);
    }
  }

  /** The histograms of response times the current chunk adds to. */
  *responseTimes(): Generator<MinuteHistogram> {
    for (const minute of this.#responseTimes.values()) if (minute.size > 0) yield minute;
  }

  /** Ends the current chunk. Of more than one minute, which a host has once a minute, none is kept. */
  clear(): void {
    this.requests.clear();
    this.visitors.values = [];
    if (this.#responseTimes.size > 1) this.#responseTimes.clear();
    for (const minute of this.#responseTimes.values()) minute.clear();
  }

  #minuteOf(timestamp: number): MinuteHistogram {
    const number = Math.floor(timestamp / MINUTE_MS);
    let minute = this.#responseTimes.get(number);
    if (minute === undefined) {
      const key = this.#keyspace.responseTimes(this.name, number * MINUTE_MS);
      minute = new MinuteHistogram(key, SHORT_STATS_NUMBER);
      this.#responseTimes.set(number, minute);
    }
    return minute;
  }
}

/** Requests, of a host or of all. */
export const TOTAL = 'total';
const LEVEL_FIELDS = fieldsOfLevels('level_');
/** Entries that are no requests. */
const LOG_FIELDS = fieldsOfLevels('log_');
const STATUS_FIELDS: readonly string[] = Array.from({ length: 600 }, (_, status) => `status_${status}`);

function fieldsOfLevels(prefix: string): Readonly<Record<Level, string>> {
  return Object.fromEntries(LEVEL_NAMES.map((level) => [level, prefix + level])) as Record<Level, string>;
}
