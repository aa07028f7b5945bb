import { isWrongType, replyOf } from '../key-conflict.js';
import type { Shard } from '../shards/shard.js';

/** What became of a writer's entries, or of those of several. */
export interface DeliveryAccount {
  /** Without what was written before Redis lost its data. */
  readonly accepted: number;
  readonly written: number;
  /** Entries lost, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** accepted - written - dropped: what waited in memory or in a file when the writer was last seen. */
  readonly lag: number;
}

/** A process that writes, or wrote in the last 7 days. Times are epoch milliseconds. */
export interface Writer extends DeliveryAccount {
  readonly id: string;
  readonly host: string | null;
  readonly pid: number | null;
  readonly started: number | null;
  /** By the server's clock. */
  readonly lastSeen: number;
  /** How far its clock was ahead of the server's when it was last seen; null: another process wrote what it left. */
  readonly skewMs: number | null;
  /** Keys its chunks could not write. */
  readonly indexFailed: number;
}

/** @see DeliveryReader */
export interface DeliveryReport {
  /** Those seen last come first. */
  readonly writers: readonly Writer[];
  /** Of the writers above. */
  readonly totals: DeliveryAccount;
  /** How many writers there are. */
  readonly count: number;
}

/**
 * Reads what the writers say of themselves; at most 1,000 writers, those seen last.
 *
 * @throws KeyConflictError where `writers` is a key of somebody else.
 */
export type DeliveryReader = () => Promise<DeliveryReport>;

const MAX_WRITERS = 1_000;

/** @see DeliveryReader */
export function createDeliveryReader(shard: Shard): DeliveryReader {
  return createDeliveryReaderOf([shard]);
}

/** The same of all shards of a cluster: a writer says on each what it wrote there. */
export function createDeliveryReaderOf(shards: readonly Shard[]): DeliveryReader {
  return async () => {
    const read = await Promise.all(shards.map(readWriters));
    const byId = new Map<string, Writer[]>();
    for (const writer of read.flatMap(({ writers }) => writers))
      byId.set(writer.id, [...(byId.get(writer.id) ?? []), writer]);
    const writers = [...byId.values()]
      .map(joined)
      .sort((a, b) => b.lastSeen - a.lastSeen)
      .slice(0, MAX_WRITERS);
    const counts = read.map(({ count }) => count);
    return { writers, totals: sumOf(writers), count: Math.max(byId.size, ...counts) };
  };
}

async function readWriters({ redis, keyspace }: Shard): Promise<Pick<DeliveryReport, 'writers' | 'count'>> {
  const key = keyspace.writers();
  const [ids, count] = await Promise.all([
    replyOf(key, 'zset', redis.zrevrange(key, 0, MAX_WRITERS - 1)),
    replyOf(key, 'zset', redis.zcard(key)),
  ]);
  const pipeline = redis.pipeline();
  for (const id of ids) pipeline.hgetall(keyspace.writer(id));
  const replies = (await pipeline.exec()) ?? [];
  const writers = replies.flatMap(([error, hash], i) => {
    if (isWrongType(error)) return [];
    if (error !== null) throw error;
    return writerOf(ids[i] as string, hash as Readonly<Record<string, string>>) ?? [];
  });
  return { writers, count };
}

/** What one writer has said on several shards, as one; the shard it wrote to last knows its clock best. */
function joined(parts: readonly Writer[]): Writer {
  const [last, ...others] = parts.toSorted((a, b) => b.lastSeen - a.lastSeen) as [Writer, ...Writer[]];
  if (others.length === 0) return last;
  const indexFailed = parts.reduce((sum, part) => sum + part.indexFailed, 0);
  return { ...last, indexFailed, ...sumOf(parts) };
}

/** @returns `undefined` for a hash that has expired, or is being made. */
function writerOf(id: string, hash: Readonly<Record<string, string>>): Writer | undefined {
  const lastSeen = numberIn(hash, 'last_seen');
  if (lastSeen === null) return undefined;
  const dropped = Object.fromEntries(
    Object.keys(hash)
      .filter((field) => field.startsWith(DROPPED))
      .map((field) => [field.slice(DROPPED.length), numberIn(hash, field) ?? 0]),
  );
  return {
    id,
    host: hash.host ?? null,
    pid: numberIn(hash, 'pid'),
    started: numberIn(hash, 'started'),
    lastSeen,
    skewMs: numberIn(hash, 'skew'),
    indexFailed: numberIn(hash, 'index_failed') ?? 0,
    ...accountOf(
      (numberIn(hash, 'accepted') ?? 0) - (numberIn(hash, 'written_before') ?? 0),
      numberIn(hash, 'written') ?? 0,
      dropped,
    ),
  };
}

const DROPPED = 'dropped_';

function sumOf(writers: readonly DeliveryAccount[]): DeliveryAccount {
  const dropped: Record<string, number> = {};
  for (const writer of writers) {
    for (const [reason, count] of Object.entries(writer.dropped)) {
      dropped[reason] = (dropped[reason] ?? 0) + count;
    }
  }
  const sum = (field: 'accepted' | 'written') => writers.reduce((total, writer) => total + writer[field], 0);
  return accountOf(sum('accepted'), sum('written'), dropped);
}

function accountOf(
  accepted: number,
  written: number,
  dropped: Readonly<Record<string, number>>,
): DeliveryAccount {
  const lost = Object.values(dropped).reduce((total, count) => total + count, 0);
  return { accepted, written, dropped, lag: accepted - written - lost };
}

function numberIn(hash: Readonly<Record<string, string>>, field: string): number | null {
  const number = Number(hash[field] ?? Number.NaN);
  return Number.isSafeInteger(number) ? number : null;
}
