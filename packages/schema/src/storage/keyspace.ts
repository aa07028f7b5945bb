import { createHash } from 'node:crypto';
import { KEY_VALUE_LENGTH } from '../entry/limits.js';
import { hourKey, minuteKey } from './clock-hour.js';
import { type IndexSpec, NO_VALUE } from './index-table.js';
import type { RetentionClass } from './retention.js';
import { sortableDigits } from './sortable-digits.js';
import { TimedPrefix } from './timed-prefix.js';

/** What alerts keep, each under one key. */
export const ALERT_PARTS = [
  'rules',
  'states',
  'history',
  'silences',
  'outbox',
  'due',
  'claims',
  'renewals',
  'errors',
  'settings',
  'lease',
] as const;
/** @see ALERT_PARTS */
export type AlertPart = (typeof ALERT_PARTS)[number];

/** What the proof of the audit trail keeps, each under one key. */
export const PROOF_PARTS = ['trail', 'tree', 'state', 'lease'] as const;
/** @see PROOF_PARTS */
export type ProofPart = (typeof PROOF_PARTS)[number];

/** Where a {@link Keyspace} lies. */
export interface KeyspaceOptions {
  /** Stands before every key, for a Redis shared with others. @default '' */
  readonly prefix?: string;
  /** Number of this shard on Redis Cluster; it becomes the hash tag `{s7}:`. @default none: one Redis */
  readonly shard?: number;
}

/**
 * Every key Tailrace uses is made here, and all keys of one Keyspace live on one shard, so a script that takes
 * its keys from one Keyspace never crosses shards.
 */
export class Keyspace {
  /** What stands before each key: the prefix and, on a cluster, the shard's hash tag. */
  readonly base: string;
  /** Whether there are others beside it. */
  readonly isShard: boolean;
  readonly #prefix: string;
  readonly #requests: TimedPrefix;
  readonly #logs: TimedPrefix;

  constructor(options: KeyspaceOptions = {}) {
    const { prefix = '', shard } = options;
    if (/[{}*?[\]\\]/.test(prefix)) {
      throw new RangeError(`prefix is "${prefix}"; allowed: any text without { } [ ] * ? \\`);
    }
    this.base = shard === undefined ? prefix : `{s${shard}}:${prefix}`;
    this.isShard = shard !== undefined;
    this.#prefix = prefix;
    this.#requests = new TimedPrefix(`${this.base}req:`);
    this.#logs = new TimedPrefix(`${this.base}log:`);
  }

  /** The same on another shard of the same cluster. */
  ofShard(shard: number): Keyspace {
    return new Keyspace({ prefix: this.#prefix, shard });
  }

  /**
   * Key and id of an entry: `req:{ms}:{client_ip}:{uid}` or `log:{ms}:{component}:{uid}`.
   *
   * @param owner the canonical address of a request's client, which is fit for a key, or any component
   */
  entry(kind: 'request' | 'log', timestamp: number, owner: string | undefined, uid: string): string {
    const isRequest = kind === 'request';
    const name = owner === undefined || owner === '' ? '-' : isRequest ? owner : keyValue(owner);
    return `${(isRequest ? this.#requests : this.#logs).at(timestamp)}${name}:${uid}`;
  }

  /**
   * The id of an entry of a millisecond that has more entries than scores: `req:{ms}:~{place}:{client_ip}:{uid}`, so that
   * ids of one score sort as the entries were logged.
   *
   * @param id what {@link Keyspace.entry} made
   * @param place among the entries that share the score, from 0
   */
  crowdedEntry(id: string, place: number): string {
    const owner = id.indexOf(':', this.base.length + 'req:'.length) + 1;
    return `${id.slice(0, owner)}~${sortableDigits(place)}:${id.slice(owner)}`;
  }

  /** Key of one sorted set of an index; `value` is bounded here. */
  index(spec: IndexSpec, value: string): string {
    return this.base + spec.prefix + (value === NO_VALUE ? '' : keyValue(value));
  }

  /** The same for entries of a class that outlives `requests`: `idx:{class}:{name}:{value}`. */
  classIndex(retention: RetentionClass, spec: IndexSpec, value: string): string {
    return `${this.base}idx:${retention}:${spec.name}:${keyValue(value)}`;
  }

  stream(): string {
    return `${this.base}stream:requests`;
  }

  /** @param host of one proxy host name; without it, of all together */
  requestStats(timestamp: number, host?: string): string {
    const of = host === undefined ? '' : `${keyValue(host)}:`;
    return `${this.base}stats:requests:${of}${hourKey(timestamp)}`;
  }

  hostStats(timestamp: number): string {
    return `${this.base}stats:hosts:${hourKey(timestamp)}`;
  }

  errorStats(timestamp: number): string {
    return `${this.base}stats:errors:${hourKey(timestamp)}`;
  }

  eventStats(timestamp: number): string {
    return `${this.base}stats:events:${hourKey(timestamp)}`;
  }

  pathStats(timestamp: number): string {
    return `${this.base}stats:paths:${hourKey(timestamp)}`;
  }

  responseTimes(host: string, timestamp: number): string {
    return `${this.base}stats:response_times:${keyValue(host)}:${minuteKey(timestamp)}`;
  }

  uniqueIps(host: string, timestamp: number): string {
    return `${this.base}stats:unique_ips:${keyValue(host)}:${hourKey(timestamp)}`;
  }

  /** What one writer has written: last batch, counts. */
  writer(writerId: string): string {
    return `${this.base}writers:${writerId}`;
  }

  /** Every writer of the last days by the time it was last seen. */
  writers(): string {
    return `${this.base}writers`;
  }

  /** Which entry the one is that its sender gave an id of its own. */
  ownId(id: string): string {
    return `${this.base}ids:${digestOf(id)}`;
  }

  /** What was sent under an idempotency key. */
  requestKey(key: string): string {
    return `${this.base}request_keys:${digestOf(key)}`;
  }

  /** The version of what is stored. */
  storageVersion(): string {
    return `${this.base}settings:storage`;
  }

  /** How many shards there are, said on each of them. */
  shards(): string {
    return `${this.base}settings:shards`;
  }

  /** A key that never exists: a call that declares it is refused while its slot is moving from one node to another. */
  absent(): string {
    return `${this.base}settings:absent`;
  }

  /** Id of the archive that seals this store. */
  archive(): string {
    return `${this.base}settings:archive`;
  }

  /** The levels that lie over those of all writers. */
  levels(): string {
    return `${this.base}settings:levels`;
  }

  /** One part of what alerts keep. */
  alerts(part: AlertPart): string {
    return `${this.base}alerts:${part}`;
  }

  /** Entries that were deleted and can be restored. */
  deleted(): string {
    return `${this.base}idx:deleted`;
  }

  /** One part of the proof of the audit trail; each shard has a trail, the first one the rest. */
  proof(part: ProofPart): string {
    return `${this.base}audit:${part}`;
  }

  /** Views of the console with names. */
  searches(): string {
    return `${this.base}settings:searches`;
  }
}

/**
 * A value as it stands in a key: itself when it is short and printable, else `~` and a hash, so that no value
 * from outside makes a key long or unreadable. Apply it to a value before looking its key up by hand.
 */
export function keyValue(value: string): string {
  if (isFitForKey(value)) return value;
  return `~${digestOf(value)}`;
}

function digestOf(value: string): string {
  return createHash('sha256').update(value).digest('base64url').slice(0, 22);
}

/** A loop, because it is run for every entry and a regular expression takes ten times as long. */
function isFitForKey(value: string): boolean {
  if (value.length > KEY_VALUE_LENGTH || value.charCodeAt(0) === TILDE) return false;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code <= SPACE || code === DELETE || code === OPENING_BRACE || code === CLOSING_BRACE) return false;
  }
  return true;
}

const SPACE = 0x20;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const TILDE = 0x7e;
const DELETE = 0x7f;
