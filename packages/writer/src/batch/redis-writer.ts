import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers';
import { isElsewhere } from '@tailrace/redis/without-client';
import { type Entry, Keyspace, ShardCountError, StorageVersionError } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import type { Payload, PayloadPool } from '../encoding/payload.js';
import type { ResolvedWriterOptions, WriterError } from '../writer-options.js';
import type { Batch, Chunk, Refusal } from './batch.js';
import { BatchNumbering } from './batch-numbering.js';
import { BatchSender, type Sending } from './batch-sender.js';
import { EntryOrder } from './entry-order.js';
import type { WriterAccount } from './writer-account.js';
import { WriterConnection } from './writer-connection.js';

/** What a {@link RedisWriter} works with. */
export interface RedisWriterParts {
  /** Of one server, or of one shard of a cluster. */
  readonly options: ResolvedWriterOptions;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
  readonly report: (error: WriterError) => void;
  /** @default one that remembers some thousand timestamps */
  readonly order?: EntryOrder;
  /** The id of the writer. @default a random one */
  readonly id?: string | undefined;
  /** @default one of its own */
  readonly pool?: PayloadPool | undefined;
}

/** How long after a failure it is looked whether a master was lost with what it had acknowledged. */
const CONFIRM_AGAIN_MS = 1_000;
const CONFIRM_POLL_MS = 20;

/** What became of the entries of a spooled chunk. */
export interface SpooledResult {
  readonly applied: number;
  readonly refused: readonly Refusal[];
}

/** Numbers, encodes and applies batches in order, each as one pipelined round trip. */
export class RedisWriter {
  readonly #now: () => number;
  readonly #report: (error: WriterError) => void;
  /** Where it writes. */
  readonly keyspace: Keyspace;
  readonly #connection: WriterConnection;
  readonly #numbering: BatchNumbering;
  readonly #sender: BatchSender;
  #id: string;
  #confirming: NodeJS.Timeout | undefined;
  #isClosed = false;
  #refusedVersion: string | undefined;
  /** Attempts that wait for an answer. */
  #inFlight = 0;

  constructor({ options, now, report, order = new EntryOrder(), id, pool }: RedisWriterParts) {
    this.#id = id ?? newWriterId();
    this.#now = now;
    this.#report = report;
    const shard = options.redis.cluster?.number;
    this.keyspace = new Keyspace({ prefix: options.keyPrefix, ...(shard !== undefined && { shard }) });
    this.#connection = new WriterConnection(options, {
      onDown: (cause) =>
        report({ code: 'redis_unavailable', message: `Redis is not reachable: ${textOf(cause)}`, cause }),
    });
    this.#numbering = new BatchNumbering(this.keyspace, order);
    this.#sender = new BatchSender({
      options,
      keyspace: this.keyspace,
      connection: this.#connection,
      pool,
      now,
      report,
    });
  }

  /** Entries that are written, and that would be lost with the master now. */
  get unconfirmed(): number {
    return this.#sender.unconfirmed;
  }

  /** De-duplication is by it and the number of the chunk. */
  get id(): string {
    return this.#id;
  }

  /** Goes on as another writer, since somebody else sends chunks under the id it had. Numbers go on, so that what is numbered already keeps its order. */
  renew(): void {
    this.#id = newWriterId();
    this.#sender.renew();
  }

  /** The time by the server's clock, in epoch milliseconds, as far as its answers tell. */
  serverNow(): number {
    return this.#now() - this.#sender.skewMs;
  }

  /** Gives each entry its id and its order, and groups them into numbered chunks. Chunks must be applied in the order of their numbers. */
  number(entries: readonly Entry[], firstRecord = 0, ownIdKeys?: readonly string[]): Batch {
    return this.#numbering.number(entries, firstRecord, ownIdKeys);
  }

  /**
   * Encodes a chunk that is not encoded yet, so that it costs no time when it is sent.
   *
   * @throws when an entry cannot be encoded, which would be a mistake of ours.
   */
  encode(chunk: Chunk): Payload {
    return this.#sender.encode(chunk);
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
    return { applied: this.#settled(redis, { batch, ...this.#own(account), isBehind: false }) };
  }

  /**
   * The first attempt at a batch while the one before it is on its way: applied only if that one is.
   *
   * @throws as {@link RedisWriter.send} does, or what `applied` rejects with.
   */
  async sendBehind(batch: Batch, account: WriterAccount): Promise<void> {
    const redis = await this.#open();
    try {
      await this.#sender.apply(redis, { batch, ...this.#own(account), isBehind: true });
      this.#confirmLater();
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
    account: WriterAccount,
  ): Promise<SpooledResult> {
    const redis = await this.#open();
    // Encoding takes out of an entry what its key says, and the next attempt needs it again.
    const content = chunk.entries.map((entry) => ({ ...entry }));
    const size = content.length;
    const chunks = [{ number: chunk.number, size, content }];
    const batch: Batch = { chunks, firstRecord: 0, applied: 0, attempts: 0, refused: [], isLeft: false };
    const isOwn = writerId === this.#id;
    await this.#settled(redis, { batch, writerId, isOwn, account, isBehind: false });
    return { applied: size - batch.refused.length, refused: batch.refused };
  }

  /**
   * The hash of the levels set for all writers. It is asked for only over a connection there is, and the answer keeps no
   * process alive.
   *
   * @returns `undefined` without a connection
   */
  async readLevels(): Promise<Record<string, string> | undefined> {
    const levels = await this.#connection.askQuietly('hgetall', [this.keyspace.levels()]);
    return levels as Record<string, string> | undefined;
  }

  /** What was encoded may never arrive: the next chunk refreshes every expiry and has every visitor. */
  forgetSent(): void {
    this.#sender.forgetSent();
  }

  /** Milliseconds to wait before the next attempt of a batch. */
  nextRetryMs(): number {
    return this.#connection.nextRetryMs();
  }

  /** Resolves when nothing is {@link unconfirmed}, or after so long. */
  async confirmed(withinMs: number): Promise<void> {
    const until = performance.now() + withinMs;
    while (this.unconfirmed > 0 && performance.now() < until) {
      await this.#reconfirm();
      if (this.unconfirmed > 0) await new Promise((resolve) => setTimeout(resolve, CONFIRM_POLL_MS));
    }
  }

  close(): void {
    this.#isClosed = true;
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

  #own(account: WriterAccount): Pick<Sending, 'writerId' | 'isOwn' | 'account'> {
    return { writerId: this.#id, isOwn: true, account };
  }

  async #settled(redis: Redis, sending: Sending): Promise<void> {
    try {
      await this.#sender.apply(redis, sending);
    } catch (error) {
      this.#failed(error);
      throw error;
    }
    this.#refusedVersion = undefined;
    this.#connection.worked();
    this.#release();
    this.#confirmLater();
  }

  /** Nearly always there is nothing left to confirm when its time has come. */
  #confirmLater(): void {
    if (this.unconfirmed === 0 || this.#confirming !== undefined) return;
    this.#confirming = setTimeout(() => {
      this.#confirming = undefined;
      if (this.unconfirmed > 0) void this.#reconfirm().then(() => this.#confirmLater());
    }, CONFIRM_AGAIN_MS);
    this.#confirming.unref();
  }

  async #reconfirm(): Promise<void> {
    if (this.#isClosed) return;
    try {
      const redis = await this.#open();
      try {
        await this.#sender.reconfirm(redis, this.#id);
      } catch (error) {
        this.#resetAfter(error);
      } finally {
        this.#release();
      }
    } catch {
      // It was told, and is tried again.
    }
  }

  #release(): void {
    if (--this.#inFlight === 0) this.#connection.hold(false);
  }

  #failed(error: unknown): void {
    this.#release();
    if (error instanceof StorageVersionError || error instanceof ShardCountError) {
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
  #reportVersion(error: StorageVersionError | ShardCountError): void {
    if (error.version === this.#refusedVersion) return;
    this.#refusedVersion = error.version;
    this.#report({ code: 'storage_version', message: `nothing is written: ${error.message}`, cause: error });
  }
}

/** @returns 12 letters, digits, `-` and `_` */
export function newWriterId(): string {
  return randomBytes(9).toString('base64url');
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Command timed out';
}

function textOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(textOf).join(', ');
  return cause instanceof Error ? cause.message : String(cause);
}
