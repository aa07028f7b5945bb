import { randomBytes } from 'node:crypto';
import { QuietCommand, RedisConnection } from '@tailrace/redis';
import { type Entry, Keyspace, StorageVersionError } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { BatchEncoder } from '../encoding/batch-encoder.js';
import { type Payload, PayloadPool } from '../encoding/payload.js';
import type { ResolvedWriterOptions, WriterError } from '../writer-options.js';
import { type Batch, type Chunk, chunkEntries, isEncoded, type Refusal } from './batch.js';
import { BatchNumbering } from './batch-numbering.js';
import { ChunkSender } from './chunk-sender.js';
import { EntryOrder } from './entry-order.js';
import { readReply, refusalOf, type ScriptReply } from './script-reply.js';
import { type WriterAccount, withRefused } from './writer-account.js';

/** Clocks that differ by less are taken for the same: an answer takes as long as that. */
const MIN_SKEW_MS = 1_000;

/** What a {@link RedisWriter} works with. */
export interface RedisWriterParts {
  readonly options: ResolvedWriterOptions;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
  readonly report: (error: WriterError) => void;
  /** @default one that remembers some thousand timestamps */
  readonly order?: EntryOrder;
}

/** What became of the entries of a spooled chunk. */
export interface SpooledResult {
  readonly applied: number;
  readonly refused: readonly Refusal[];
}

/** A batch, and for whom it is sent. */
interface Sending {
  readonly batch: Batch;
  readonly writerId: string;
  readonly account: WriterAccount;
  /** Whether another batch must be applied before. */
  readonly isBehind: boolean;
}

/** Numbers, encodes and applies batches in order, each as one pipelined round trip. */
export class RedisWriter {
  readonly #options: ResolvedWriterOptions;
  readonly #now: () => number;
  readonly #report: (error: WriterError) => void;
  readonly #keyspace: Keyspace;
  readonly #connection: RedisConnection;
  readonly #numbering: BatchNumbering;
  readonly #sender: ChunkSender;
  readonly #encoder: BatchEncoder;
  readonly #pool = new PayloadPool();
  #id = newWriterId();
  #epoch = '';
  /** Entries of the present id that are known to be written. */
  #written = 0;
  #skewMs = 0;
  #refusedVersion: string | undefined;
  /** Attempts that wait for an answer. */
  #inFlight = 0;

  constructor({ options, now, report, order = new EntryOrder() }: RedisWriterParts) {
    this.#options = options;
    this.#now = now;
    this.#report = report;
    this.#keyspace = new Keyspace({ prefix: options.keyPrefix });
    this.#connection = new RedisConnection(options.redis, options.commandTimeoutMs, {
      onDown: (cause) =>
        report({ code: 'redis_unavailable', message: `Redis is not reachable: ${textOf(cause)}`, cause }),
    });
    this.#numbering = new BatchNumbering(this.#keyspace, order);
    this.#encoder = new BatchEncoder({
      keyspace: this.#keyspace,
      retentionDays: options.retentionDays,
      indexSettings: options.indexSettings,
      now,
      pool: this.#pool,
    });
    this.#sender = new ChunkSender({
      keyspace: this.#keyspace,
      options,
      onPieceBytes: (bytes) => {
        this.#encoder.pieceBytes = bytes;
      },
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
    this.#written = 0;
  }

  /** The time by the server's clock, in epoch milliseconds, as far as its answers tell. */
  serverNow(): number {
    return this.#now() - this.#skewMs;
  }

  /** Gives each entry its id and its order, and groups them into numbered chunks. Chunks must be applied in the order of their numbers. */
  number(entries: readonly Entry[], firstRecord = 0): Batch {
    return this.#numbering.number(entries, firstRecord);
  }

  /**
   * Encodes a chunk that is not encoded yet, so that it costs no time when it is sent.
   *
   * @throws when an entry cannot be encoded, which would be a mistake of ours.
   */
  encode(chunk: Chunk): Payload {
    if (!isEncoded(chunk.content)) chunk.content = this.#encoder.encode(chunk.content);
    return chunk.content;
  }

  /**
   * One attempt. Resolves as soon as the batch is on its way, so that the caller can encode the next one meanwhile.
   * Entries the server refuses are taken out of the batch into `refused`, and the rest is applied.
   *
   * @returns `applied`, which resolves when the whole batch is applied. When it rejects, something is open, and the same
   *   batch must be sent again before any other.
   * @throws when Redis cannot be reached.
   */
  async send(batch: Batch, account: WriterAccount): Promise<{ readonly applied: Promise<void> }> {
    const redis = await this.#open();
    const sending = { batch, writerId: this.#id, account, isBehind: false };
    return { applied: this.#settled(this.#apply(redis, sending)) };
  }

  /**
   * The first attempt at a batch while the one before it is on its way: applied only if that one is.
   *
   * @throws as {@link RedisWriter.send} does, or what `applied` rejects with.
   */
  async sendBehind(batch: Batch, account: WriterAccount): Promise<void> {
    const redis = await this.#open();
    try {
      await this.#apply(redis, { batch, writerId: this.#id, account, isBehind: true });
    } catch (error) {
      // Nothing is said: it is sent again, or the batch before it has failed, which was said.
      if (isTimeout(error)) this.#connection.reset();
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
    account: WriterAccount,
  ): Promise<SpooledResult> {
    const redis = await this.#open();
    // Encoding takes out of an entry what its key says, and the next attempt needs it again.
    const content = chunk.entries.map((entry) => ({ ...entry }));
    const size = content.length;
    const chunks = [{ number: chunk.number, size, content }];
    const batch: Batch = { chunks, firstRecord: 0, applied: 0, attempts: 0, refused: [], isLeft: false };
    await this.#settled(this.#apply(redis, { batch, writerId, account, isBehind: false }));
    return { applied: size - batch.refused.length, refused: batch.refused };
  }

  /**
   * The hash of the levels set for all writers. It is asked for only over a connection there is, and the answer keeps no
   * process alive.
   *
   * @returns `undefined` without a connection
   */
  async readLevels(): Promise<Record<string, string> | undefined> {
    const redis = this.#connection.current;
    return redis?.sendCommand(new QuietCommand('hgetall', [this.#keyspace.levels()])) as Promise<
      Record<string, string> | undefined
    >;
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

  async #open(): Promise<Redis> {
    const redis = await this.#connection.ready();
    this.#inFlight++;
    this.#connection.hold(true);
    try {
      await this.#sender.prepare(redis);
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
    if (isTimeout(error)) this.#connection.reset();
  }

  /** Said once for each version that is found: it lasts until somebody changes something. */
  #reportVersion(error: StorageVersionError): void {
    if (error.version === this.#refusedVersion) return;
    this.#refusedVersion = error.version;
    this.#report({ code: 'storage_version', message: `nothing is written: ${error.message}`, cause: error });
  }

  /** Until all is applied: what is refused is taken out, and what waits for a chunk that is lost goes on without it. */
  async #apply(redis: Redis, sending: Sending): Promise<void> {
    const { batch } = sending;
    batch.attempts++;
    // The first chunk of an attempt follows all that is settled. What the server lacks of that is lost, or was given up.
    let predecessor: number | undefined;
    while (batch.applied < batch.chunks.length && !batch.isLeft) {
      const { missing } = await this.#sendOpen(redis, sending, predecessor);
      if (missing === undefined) continue;
      if (batch.applied === 0 && (sending.isBehind || predecessor === missing))
        throw new Error('an earlier chunk of the batch is missing');
      predecessor = missing;
    }
    if (batch.attempts > 1 || batch.isLeft) return;
    for (const { content } of batch.chunks) if (isEncoded(content)) this.#pool.release(content);
  }

  /**
   * Sends the open chunks once, in one go.
   *
   * @returns `missing`: the chunk that was applied last, when the predecessor of the first open one was not
   */
  async #sendOpen(
    redis: Redis,
    { batch, writerId, account }: Sending,
    predecessor: number | undefined,
  ): Promise<{ readonly missing?: number }> {
    const isOwn = writerId === this.#id;
    const nowMs = this.#now();
    const open = batch.chunks.slice(batch.applied);
    const payloads = open.map((chunk) => this.encode(chunk));
    const sent = open.map(({ number }, i) =>
      this.#sender.send(redis, {
        writerId,
        number,
        predecessor: i === 0 && predecessor !== undefined ? predecessor : number - 1,
        account: batch.refused.length === 0 ? account : withRefused(account, batch.refused),
        payload: payloads[i] as Payload,
        own: isOwn ? { epoch: this.#epoch, nowMs, written: this.#written } : undefined,
      }),
    );
    for (const [i, result] of (await Promise.allSettled(sent)).entries()) {
      if (result.status === 'rejected') throw result.reason;
      const reply = readReply(result.value);
      if (isOwn) this.#noteClock(nowMs, result.value);
      if (reply.state === 'missing') return { missing: reply.last };
      if (batch.isLeft) return {};
      const chunk = open[i] as Chunk;
      if (reply.state === 'refused') {
        this.#takeOut(batch, chunk, reply.places, result.value[3]);
        return {};
      }
      this.#noteApplied(reply.epoch, reply.failedKeys, isOwn ? chunk.size : undefined);
      batch.applied++;
    }
    return {};
  }

  /** The other entries of the chunk keep its number. */
  #takeOut(batch: Batch, chunk: Chunk, places: ReadonlyMap<number, string>, serverMs: number): void {
    const entries = chunkEntries(chunk);
    const context = { retentionDays: this.#options.retentionDays, serverMs };
    const refused = [...places].map(([place, reason]) => refusalOf(entries[place] as Entry, reason, context));
    batch.refused = [...batch.refused, ...refused];
    const content = entries.filter((_, place) => !places.has(place));
    if (batch.attempts === 1 && isEncoded(chunk.content)) this.#pool.release(chunk.content);
    chunk.content = content;
    chunk.size = content.length;
    if (content.length === 0) batch.applied++;
    // What the chunk was to refresh is encoded anew.
    this.#encoder.forgetSent();
    this.#reportRefused(refused);
  }

  #reportRefused(refused: readonly Refusal[]): void {
    const [first] = refused;
    const entries = refused.length === 1 ? '1 entry is' : `${refused.length} entries are`;
    const skew =
      this.#skewMs === 0 ? '' : `; the clock here is ${Math.round(this.#skewMs / 1000)} s ahead of Redis's`;
    this.#report({ code: 'entry_refused', message: `${entries} dropped: ${first?.message}${skew}` });
  }

  #noteClock(nowMs: number, [, , , serverMs]: ScriptReply): void {
    const skewMs = nowMs - serverMs;
    this.#skewMs = Math.abs(skewMs) < MIN_SKEW_MS ? 0 : skewMs;
  }

  /** @param written entries of a chunk of the present id */
  #noteApplied(epoch: string, failedKeys: readonly string[], written: number | undefined): void {
    this.#refusedVersion = undefined;
    if (written !== undefined) {
      this.#written += written;
      if (epoch !== this.#epoch) this.#encoder.forgetSent();
      this.#epoch = epoch;
    }
    for (const message of failedKeys)
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
