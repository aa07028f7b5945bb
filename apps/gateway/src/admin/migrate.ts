import { createReaderOf, type LogReader, type Shard, shardsOf } from '@tailrace/query';
import { isLasting, openStores } from '@tailrace/redis';
import {
  type Cursor,
  DAY_MS,
  type Entry,
  type Keyspace,
  type RetentionDays,
  STORAGE_TABLE,
  shardOf,
} from '@tailrace/schema';
import {
  newWriterId,
  RedisWriter,
  resolveWriterOptions,
  shardOptions,
  writerAccount,
} from '@tailrace/writer';

/** What to copy, and where to. */
export interface MigrationOptions {
  /** `REDIS_URL` of what there is, and of where it is to be. */
  readonly from: string;
  readonly to: string;
  readonly fromPrefix: string;
  readonly toPrefix: string;
  readonly retentionDays: RetentionDays;
  /** Told of trouble that passes. */
  readonly report: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** How far a migration is. A pass looks at every entry of the source, and copies what the target lacks. */
export interface MigrationProgress {
  readonly pass: number;
  /** Entries of the source, in this pass. */
  readonly looked: number;
  /** Of them, copied in this pass. */
  readonly copied: number;
  /** Of them, not taken, as they are past their retention by now. */
  readonly expired: number;
  /** The pass is over: with nothing copied, every entry of the source is in the target. */
  readonly isWhole: boolean;
}

const PAGE = 1_000;
/** Entries a call writes, as loggers do. */
const CHUNK = 256;
/** Passes at most, where loggers go on writing to the source. */
const MAX_PASSES = 10;

/**
 * Copies live entries from one store to another, with their ids, order and counters, in bounded steps. It can be ended and run
 * again at any time: what is there already is left alone, and a step is written wholly or not at all.
 *
 * @throws StoreError when a store cannot be used; what the connection throws
 */
export async function* migrate(options: MigrationOptions): AsyncGenerator<MigrationProgress> {
  const source = await openSide(options.from, options.fromPrefix, options);
  try {
    const target = await openSide(options.to, options.toPrefix, options);
    const writers = new TargetWriters(options);
    try {
      await copySettings(source.shards, target.shards, options.report);
      for (let pass = 1; pass <= MAX_PASSES; pass++) {
        let last: MigrationProgress | undefined;
        for await (last of onePass(pass, source, target, writers, options)) yield last;
        if (last === undefined || last.copied === 0) return;
      }
    } finally {
      writers.close();
      target.close();
    }
  } finally {
    source.close();
  }
}

interface Side {
  readonly shards: readonly Shard[];
  readonly reader: LogReader;
  close(): void;
}

async function openSide(
  url: string,
  prefix: string,
  { retentionDays, report }: MigrationOptions,
): Promise<Side> {
  const stores = await openStores(url, report);
  const shards = shardsOf(stores, prefix);
  return {
    shards,
    reader: createReaderOf(shards, { retentionDays }),
    close: () => stores.close(),
  };
}

async function* onePass(
  pass: number,
  source: Side,
  target: Side,
  writers: TargetWriters,
  { signal }: MigrationOptions,
): AsyncGenerator<MigrationProgress> {
  const window = { from: 0, to: Date.now() + DAY_MS };
  const sums = { looked: 0, copied: 0, expired: 0 };
  let cursor: Cursor | undefined;
  do {
    signal?.throwIfAborted();
    const page = await source.reader.search({ filter: {}, window, limit: PAGE, cursor });
    if (page.reason !== undefined) throw new Error(`the source cannot be read wholly: ${page.reason}`);
    for (const [shard, entries] of placed(page.entries, source.shards, target.shards)) {
      const lacking = await lackingIn(target.shards[shard] as Shard, entries);
      for (let at = 0; at < lacking.length; at += CHUNK) {
        const { applied, refused } = await writers.write(shard, lacking.slice(at, at + CHUNK));
        sums.copied += applied;
        sums.expired += refused;
      }
    }
    sums.looked += page.entries.length;
    cursor = page.nextCursor ?? undefined;
    yield { pass, ...sums, isWhole: cursor === undefined };
  } while (cursor !== undefined);
}

/** Entries with the ids they have in the target, by the shard they go to. What may go anywhere goes by its id. */
function placed(
  entries: readonly Entry[],
  from: readonly Shard[],
  to: readonly Shard[],
): Map<number, Entry[]> {
  const { keyspace } = from[0] as Shard;
  const byShard = new Map<number, Entry[]>();
  for (const entry of entries) {
    const bare = entry.id.slice(keyspace.isShard ? baseLength(entry.id, keyspace) : keyspace.base.length);
    const shard = shardOf(entry, to.length) ?? (shardOf({ trace_id: bare }, to.length) as number);
    const own = byShard.get(shard) ?? [];
    byShard.set(shard, own);
    own.push({ ...entry, id: (to[shard] as Shard).keyspace.base + bare });
  }
  return byShard;
}

/** Tags have one or more digits, and the same prefix behind them. */
function baseLength(id: string, { base }: Keyspace): number {
  return id.indexOf('}') + base.length - base.indexOf('}');
}

async function lackingIn({ redis }: Shard, entries: readonly Entry[]): Promise<Entry[]> {
  const pipeline = redis.pipeline();
  for (const { id } of entries) pipeline.exists(id);
  const replies = (await pipeline.exec()) ?? [];
  return entries.filter((_, i) => {
    const [error, there] = replies[i] ?? [];
    if (error) throw error;
    return there === 0;
  });
}

/** What is no log and stays when logs are cleared, where the target has nothing of that name. */
async function copySettings(
  from: readonly Shard[],
  to: readonly Shard[],
  report: (text: string) => void,
): Promise<void> {
  const [source, target] = [from[0] as Shard, to[0] as Shard];
  for (const key of await stateKeys(source)) {
    const dump = await source.redis.dumpBuffer(source.keyspace.base + key);
    if (dump === null) continue;
    const ttl = Math.max(0, await source.redis.pttl(source.keyspace.base + key));
    await target.redis.restore(target.keyspace.base + key, ttl, dump).catch((error: Error) => {
      // Another version may not read it.
      if (!error.message.startsWith('BUSYKEY')) report(`${key} is not copied: ${error.message}`);
    });
  }
}

/** Families that belong to one store, or are under way there: the same notification must not be sent by two gateways. */
const OWN = /^(writers|settings:(storage|shards|archive)|alerts:(states|outbox|due|settings|lease))/;

async function stateKeys({ redis, keyspace: { base } }: Shard): Promise<string[]> {
  const rows = STORAGE_TABLE.filter(({ key, staysOnClear }) => staysOnClear && !OWN.test(key));
  const keys = new Set<string>();
  let cursor = '0';
  do {
    const [next, found] = await redis.scan(cursor, 'MATCH', `${base}*`, 'COUNT', 1_000);
    for (const key of found) {
      const bare = key.slice(base.length);
      if (rows.some(({ matches }) => matches.test(bare))) keys.add(bare);
    }
    cursor = next;
  } while (cursor !== '0');
  return [...keys];
}

/** A writer for each shard of the target, which numbers its own chunks. */
class TargetWriters {
  readonly #writers: readonly RedisWriter[];
  readonly #numbers: number[] = [];
  readonly #accepted: number[] = [];

  constructor({ to, toPrefix, retentionDays, report }: MigrationOptions) {
    const options = resolveWriterOptions({ redis: to, keyPrefix: toPrefix, retentionDays });
    const id = newWriterId();
    this.#writers = shardOptions(options).map(
      (own) => new RedisWriter({ options: own, now: Date.now, id, report: ({ message }) => report(message) }),
    );
  }

  /** @returns how many were written, and how many were not taken */
  async write(
    shard: number,
    entries: readonly Entry[],
  ): Promise<{ readonly applied: number; readonly refused: number }> {
    const writer = this.#writers[shard] as RedisWriter;
    const number = (this.#numbers[shard] ?? 0) + 1;
    const accepted = (this.#accepted[shard] ?? 0) + entries.length;
    this.#accepted[shard] = accepted;
    const account = writerAccount(accepted, {});
    for (;;) {
      try {
        const { applied, refused } = await writer.sendSpooled(writer.id, { number, entries }, account);
        this.#numbers[shard] = number;
        return { applied, refused: refused.length };
      } catch (error) {
        if (isLasting(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, writer.nextRetryMs()));
      }
    }
  }

  close(): void {
    for (const writer of this.#writers) writer.close();
  }
}
