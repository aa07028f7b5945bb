import { randomBytes } from 'node:crypto';
import { isElsewhere, redisScript } from '@tailrace/redis/replies';
import { type Entry, Keyspace, MAX_ORDER, STORAGE_VERSION, StorageVersionError } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { BatchEncoder } from '../encoding/batch-encoder.js';
import { commandBytes, type Payload, PayloadPool } from '../encoding/payload.js';
import type { ResolvedWriterOptions, WriterError } from '../writer-options.js';
import { APPLY_BATCH_LUA } from './apply-batch.lua.js';
import { type Batch, type Chunk, isEncoded, MAX_CHUNK_ENTRIES } from './batch.js';
import { EntryIds } from './entry-ids.js';
import { EntryOrder } from './entry-order.js';
import { scriptSettings } from './script-settings.js';
import type { WriterAccount } from './writer-account.js';
import { WriterConnection } from './writer-connection.js';

const SCRIPT = redisScript(APPLY_BATCH_LUA);

/** What the script answers. */
type Reply = readonly [state: number, epoch: string, errors: readonly string[]];
const ANOTHER_VERSION = -2;

/** What a {@link RedisWriter} works with. */
export interface RedisWriterParts {
  readonly options: ResolvedWriterOptions;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
  readonly report: (error: WriterError) => void;
  /** @default one that remembers some thousand timestamps */
  readonly order?: EntryOrder;
}

/** Numbers, encodes and applies batches in order, each as one pipelined round trip. */
export class RedisWriter {
  readonly #options: ResolvedWriterOptions;
  readonly #now: () => number;
  readonly #report: (error: WriterError) => void;
  readonly #keyspace: Keyspace;
  readonly #connection: WriterConnection;
  readonly #encoder: BatchEncoder;
  readonly #ids = new EntryIds();
  readonly #order: EntryOrder;
  readonly #pool = new PayloadPool();
  #id = newWriterId();
  #nextNumber = 1;
  #epoch = '';
  #preparedFor: unknown;
  #refusedVersion: string | undefined;
  /** Attempts that wait for an answer. */
  #inFlight = 0;

  constructor({ options, now, report, order = new EntryOrder() }: RedisWriterParts) {
    this.#options = options;
    this.#now = now;
    this.#report = report;
    this.#order = order;
    this.#keyspace = new Keyspace({ prefix: options.keyPrefix });
    this.#connection = new WriterConnection(options, {
      onDown: (cause) =>
        report({ code: 'redis_unavailable', message: `Redis is not reachable: ${textOf(cause)}`, cause }),
    });
    this.#encoder = new BatchEncoder({
      keyspace: this.#keyspace,
      retentionDays: options.retentionDays,
      indexSettings: options.indexSettings,
      now,
      pool: this.#pool,
    });
  }

  /** De-duplication is by it and the number of the chunk. */
  get id(): string {
    return this.#id;
  }

  /** Goes on as another writer, since somebody else sends chunks under the id it had. Numbers go on, so that what is numbered already keeps its order. */
  renew(): void {
    this.#id = newWriterId();
    this.#epoch = '';
  }

  /** Gives each entry its id and its order, and groups them into numbered chunks. Chunks must be applied in the order of their numbers. */
  number(entries: readonly Entry[], firstRecord = 0): Batch {
    for (const entry of entries) this.#identify(entry);
    return { chunks: this.#chunks(entries), firstRecord, applied: 0, attempts: 0 };
  }

  /**
   * Encodes a call that is not encoded yet, so that it costs no time when it is sent.
   *
   * @throws when an entry cannot be encoded, which would be a mistake of ours.
   */
  encode(chunk: Chunk): Payload {
    if (!isEncoded(chunk.content)) chunk.content = this.#encoder.encode(chunk.content);
    return chunk.content;
  }

  /**
   * One attempt. Resolves as soon as the batch is on its way, so that the caller can encode the next one meanwhile.
   *
   * @returns `applied`, which resolves when the whole batch is applied. When it rejects, something is open, and the same
   *   batch must be sent again before any other.
   * @throws when Redis cannot be reached.
   */
  async send(batch: Batch, record: WriterAccount): Promise<{ readonly applied: Promise<void> }> {
    const redis = await this.#open();
    const applied = this.#settled(this.#apply(redis, batch, record, false));
    return { applied };
  }

  /**
   * The first attempt at a batch while the one before it is on its way: applied only if that one is.
   *
   * @throws as {@link RedisWriter.send} does, or what `applied` rejects with.
   */
  async sendBehind(batch: Batch, record: WriterAccount): Promise<void> {
    const redis = await this.#open();
    try {
      await this.#apply(redis, batch, record, true);
    } catch (error) {
      // Nothing is said: it is sent again, or the batch before it has failed, which was said.
      this.#resetAfter(error);
      throw error;
    } finally {
      this.#release();
    }
  }

  /**
   * Applies a chunk from a spool under the number it had.
   *
   * @param writerId whose chunk it is  @throws when it is not known to be applied; the same chunk can be sent again.
   */
  async sendSpooled(
    writerId: string,
    chunk: { readonly number: number; readonly entries: readonly Entry[] },
    record: WriterAccount,
  ): Promise<void> {
    const isOwn = writerId === this.#id;
    const redis = await this.#open();
    // Encoding takes out of an entry what its key says, and the next attempt needs it again.
    const payload = this.#encoder.encode(chunk.entries.map((entry) => ({ ...entry })));
    const sent = this.#sendChunk(
      redis,
      writerId,
      chunk.number,
      '',
      isOwn ? this.#epoch : '',
      record,
      payload,
    );
    await this.#settled(
      sent.then((reply) => {
        this.#understand(reply, isOwn);
        this.#pool.release(payload);
      }),
    );
  }

  /**
   * The hash of the levels set for all writers. It is asked for only over a connection there is, and the answer keeps no
   * process alive.
   *
   * @returns `undefined` without a connection
   */
  async readLevels(): Promise<Record<string, string> | undefined> {
    const levels = await this.#connection.askQuietly('hgetall', [this.#keyspace.levels()]);
    return levels as Record<string, string> | undefined;
  }

  /** What was encoded may never arrive: the next chunk refreshes every expiry and has every visitor. */
  forgetSent(): void {
    this.#encoder.forgetSent();
  }

  /** Milliseconds to wait before the next attempt of a batch. */
  nextRetryMs(): number {
    return this.#connection.nextRetryMs();
  }

  close(): void {
    this.#connection.close();
  }

  #identify(entry: Entry): void {
    const owner = entry.kind === 'request' ? entry.client_ip : entry.component;
    entry.id = this.#keyspace.entry(entry.kind, entry.timestamp, owner, this.#ids.next());
    const order = this.#order.next(entry.timestamp);
    if (order === 0) return;
    entry.order = Math.min(order, MAX_ORDER);
    if (order >= MAX_ORDER) entry.id = this.#keyspace.crowdedEntry(entry.id, order - MAX_ORDER);
  }

  #chunks(entries: readonly Entry[]): Chunk[] {
    const count = Math.ceil(entries.length / MAX_CHUNK_ENTRIES);
    const size = Math.ceil(entries.length / count);
    return Array.from({ length: count }, (_, i) => {
      const content = entries.slice(i * size, (i + 1) * size);
      return { number: this.#nextNumber++, size: content.length, content };
    });
  }

  async #open(): Promise<Redis> {
    const redis = await this.#connection.ready();
    this.#inFlight++;
    this.#connection.hold(true);
    try {
      await this.#prepareConnection(redis);
      return redis;
    } catch (error) {
      this.#failed(error);
      throw error;
    }
  }

  #settled(sent: Promise<void>): Promise<void> {
    return sent.then(
      () => this.#release(),
      (error) => {
        this.#failed(error);
        throw error;
      },
    );
  }

  /** Once a connection: the script is loaded, and what the server keeps compact is asked for. */
  async #prepareConnection(redis: Redis): Promise<void> {
    const socket = (redis as { stream?: unknown }).stream;
    if (this.#preparedFor === socket) return;
    await redis.script('LOAD', SCRIPT.source);
    // Servers that hide CONFIG are taken for default ones: pieces are right everywhere, only not needed.
    const reply = await redis.config('GET', 'hash-max-listpack-value').catch(() => undefined);
    const bytes = Array.isArray(reply) ? Number(reply[1]) : Number.NaN;
    if (bytes > 0) this.#encoder.pieceBytes = bytes;
    this.#preparedFor = socket;
  }

  #release(): void {
    if (--this.#inFlight === 0) this.#connection.hold(false);
  }

  #failed(error: unknown): void {
    this.#release();
    if (error instanceof StorageVersionError) {
      this.#reportVersion(error);
      return;
    }
    this.#report({
      code: 'write_failed',
      message: `a batch was not written and is kept: ${textOf(error)}`,
      cause: error,
    });
    this.#resetAfter(error);
  }

  /** What is in flight is lost with the connection, and sent again. */
  #resetAfter(error: unknown): void {
    if (isTimeout(error) || isElsewhere(error)) this.#connection.reset();
  }

  /** Said once for each version that is found: it lasts until somebody changes something. */
  #reportVersion(error: StorageVersionError): void {
    if (error.version === this.#refusedVersion) return;
    this.#refusedVersion = error.version;
    this.#report({ code: 'storage_version', message: `nothing is written: ${error.message}`, cause: error });
  }

  /** @param isBehind whether another batch must be applied before */
  async #apply(redis: Redis, batch: Batch, record: WriterAccount, isBehind: boolean): Promise<void> {
    batch.attempts++;
    const payloads = batch.chunks.map((chunk) => this.encode(chunk));
    const replies: Promise<Reply>[] = [];
    const firstOpen = batch.applied;
    for (let i = firstOpen; i < batch.chunks.length; i++) {
      const { number } = batch.chunks[i] as Chunk;
      const after = replies.length === 0 && !isBehind ? '' : String(number - 1);
      const payload = payloads[i] as Payload;
      replies.push(this.#sendChunk(redis, this.#id, number, after, this.#epoch, record, payload));
    }
    for (const [i, reply] of (await Promise.allSettled(replies)).entries()) {
      if (reply.status === 'rejected') throw reply.reason;
      this.#understand(reply.value, true);
      // Another attempt at the batch may be under way, and say the same of the same chunks.
      batch.applied = Math.max(batch.applied, firstOpen + i + 1);
    }
    if (batch.attempts === 1) for (const payload of payloads) this.#pool.release(payload);
  }

  async #sendChunk(
    redis: Redis,
    writerId: string,
    number: number,
    after: string,
    epoch: string,
    record: WriterAccount,
    payload: Payload,
  ): Promise<Reply> {
    const keyspace = this.#keyspace;
    const keys = [
      keyspace.writer(writerId),
      keyspace.stream(),
      keyspace.writers(),
      keyspace.storageVersion(),
    ];
    const args = [
      'EVALSHA',
      SCRIPT.sha1,
      keys.length,
      ...keys,
      number,
      after,
      epoch,
      ...scriptSettings(this.#options, this.#now()),
      STORAGE_VERSION,
      payload.rest,
      ...record,
    ];
    try {
      return (await this.#connection.sendEncoded(redis, commandBytes(args, payload))) as Reply;
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('NOSCRIPT')) this.#preparedFor = undefined;
      throw error;
    }
  }

  #understand([state, epoch, errors]: Reply, isOwn: boolean): void {
    if (state === ANOTHER_VERSION) throw new StorageVersionError(epoch);
    this.#connection.worked();
    if (state < 0) throw new Error('an earlier chunk of the batch is missing');
    this.#refusedVersion = undefined;
    if (isOwn && epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#encoder.forgetSent();
    }
    for (const message of errors)
      this.#report({ code: 'index_failed', message: `a key could not be written: ${message}` });
  }
}

function newWriterId(): string {
  return randomBytes(9).toString('base64url');
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Command timed out';
}

function textOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(textOf).join(', ');
  return cause instanceof Error ? cause.message : String(cause);
}
