import type { Entry, Keyspace } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { BatchEncoder } from '../encoding/batch-encoder.js';
import { type Payload, PayloadPool } from '../encoding/payload.js';
import type { ResolvedWriterOptions, WriterError } from '../writer-options.js';
import { type Batch, type Chunk, chunkEntries, isEncoded, type Refusal } from './batch.js';
import { type ChunkConnection, ChunkSender } from './chunk-sender.js';
import { Replication } from './replication.js';
import { readReply, refusalOf, type ScriptReply } from './script-reply.js';
import { accountOf, type WriterAccount } from './writer-account.js';

/** Clocks that differ by less are taken for the same: an answer takes as long as that. */
const MIN_SKEW_MS = 1_000;

/** What a {@link BatchSender} works with. */
export interface BatchSenderParts {
  readonly options: ResolvedWriterOptions;
  readonly keyspace: Keyspace;
  readonly connection: ChunkConnection;
  /** @default one of its own */
  readonly pool?: PayloadPool | undefined;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
  readonly report: (error: WriterError) => void;
}

/** A batch, and for whom it is sent. */
export interface Sending {
  readonly batch: Batch;
  readonly writerId: string;
  /** Whether that is the writer of this process. */
  readonly isOwn: boolean;
  readonly account: WriterAccount;
  /** Whether another batch must be applied before. */
  readonly isBehind: boolean;
}

/** Encodes batches, sends them chunk by chunk, and understands what the server says of each. */
export class BatchSender {
  readonly #options: ResolvedWriterOptions;
  readonly #now: () => number;
  readonly #report: (error: WriterError) => void;
  readonly #chunks: ChunkSender;
  readonly #encoder: BatchEncoder;
  readonly #pool: PayloadPool;
  readonly #replication: Replication;
  #epoch = '';
  /** Entries of the present writer that are known to be written. */
  #written = 0;
  #skewMs = 0;

  constructor({ options, keyspace, connection, pool = new PayloadPool(), now, report }: BatchSenderParts) {
    this.#options = options;
    this.#pool = pool;
    this.#now = now;
    this.#report = report;
    this.#encoder = new BatchEncoder({
      keyspace,
      retentionDays: options.retentionDays,
      indexSettings: options.indexSettings,
      now,
      pool: this.#pool,
    });
    this.#chunks = new ChunkSender({
      keyspace,
      options,
      connection,
      onPieceBytes: (bytes) => {
        this.#encoder.pieceBytes = bytes;
      },
    });
    this.#replication = new Replication({
      target: options.redis,
      keyspace,
      chunks: this.#chunks,
      report,
      own: () => ({ epoch: this.#epoch, nowMs: this.#now(), written: this.#written }),
      onRestored: () => this.#encoder.forgetSent(),
    });
  }

  /** How far the clock here is ahead of the server's, in milliseconds; 0 where it is about the same. */
  get skewMs(): number {
    return this.#skewMs;
  }

  /** Entries that are written, and that the replicas may lack. */
  get unconfirmed(): number {
    return this.#replication.unconfirmed;
  }

  /** Makes a connection ready for {@link BatchSender.apply}. */
  async prepare(redis: Redis): Promise<void> {
    if (await this.#chunks.prepare(redis)) await this.#replication.look(redis);
  }

  /** Goes on for a new writer. */
  renew(): void {
    this.#epoch = '';
    this.#written = 0;
    this.#replication.renew();
  }

  /** What was encoded may never arrive: the next chunk refreshes every expiry and has every visitor. */
  forgetSent(): void {
    this.#encoder.forgetSent();
  }

  /** @throws when an entry cannot be encoded, which would be a mistake of ours. */
  encode(chunk: Chunk): Payload {
    if (!isEncoded(chunk.content)) chunk.content = this.#encoder.encode(chunk.content);
    return chunk.content;
  }

  /**
   * Sends a batch until all of it is applied: what is refused is taken out, and what waits for a chunk that is lost goes on
   * without it.
   *
   * @throws what Redis or the connection says; StorageVersionError
   */
  async apply(redis: Redis, sending: Sending): Promise<void> {
    const { batch, isOwn } = sending;
    batch.attempts++;
    // The first chunk of an attempt follows all that is settled. What the server lacks of that is lost, or was given up.
    let predecessor: number | undefined;
    while (batch.applied < batch.chunks.length && !batch.isLeft) {
      const { missing } = await this.#sendOpen(redis, sending, predecessor);
      if (missing === undefined) continue;
      if (isOwn && (await this.#replication.restore(redis, sending.writerId, missing))) continue;
      if (batch.applied === 0 && (sending.isBehind || predecessor === missing))
        throw new Error('an earlier chunk of the batch is missing');
      predecessor = missing;
    }
    if (batch.isLeft) return;
    if (isOwn) this.#replication.keep(redis, batch, sending.account);
    if (batch.attempts === 1)
      for (const { content } of batch.chunks) if (isEncoded(content)) this.#pool.release(content);
    if (!isOwn) await this.#replication.waitForReplicas(redis);
  }

  /** @see Replication.reconfirm */
  reconfirm(redis: Redis, writerId: string): Promise<void> {
    return this.#replication.reconfirm(redis, writerId);
  }

  /**
   * Sends the open chunks once, in one go.
   *
   * @returns `missing`: the chunk that was applied last, when the predecessor of the first open one was not
   */
  async #sendOpen(
    redis: Redis,
    { batch, writerId, isOwn, account }: Sending,
    predecessor: number | undefined,
  ): Promise<{ readonly missing?: number }> {
    const nowMs = this.#now();
    const open = batch.chunks.slice(batch.applied);
    const payloads = open.map((chunk) => this.encode(chunk));
    const sent = open.map(({ number, ownIdKeys }, i) =>
      this.#chunks.send(redis, {
        writerId,
        number,
        predecessor: i === 0 && predecessor !== undefined ? predecessor : number - 1,
        account: accountOf(batch, account),
        payload: payloads[i] as Payload,
        ownIdKeys,
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
      if (reply.state === 'stored before') {
        this.#leaveOut(batch, chunk, reply.places);
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
    this.#keepOthers(batch, chunk, places);
    this.#reportRefused(refused);
  }

  /** What was stored before is neither written nor lost. */
  #leaveOut(batch: Batch, chunk: Chunk, places: ReadonlyMap<number, string>): void {
    const entries = chunkEntries(chunk);
    const found = [...places].map(([place, storedAs]) => [(entries[place] as Entry).id, storedAs] as const);
    batch.storedBefore = new Map([...(batch.storedBefore ?? []), ...found]);
    this.#keepOthers(batch, chunk, places);
  }

  #keepOthers(batch: Batch, chunk: Chunk, places: ReadonlyMap<number, string>): void {
    const isKept = (_: unknown, place: number) => !places.has(place);
    const content = chunkEntries(chunk).filter(isKept);
    if (batch.attempts === 1 && isEncoded(chunk.content)) this.#pool.release(chunk.content);
    chunk.content = content;
    chunk.size = content.length;
    chunk.ownIdKeys = chunk.ownIdKeys?.filter(isKept);
    if (content.length === 0) batch.applied++;
    // What the chunk was to refresh is encoded anew.
    this.#encoder.forgetSent();
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
    if (written !== undefined) {
      this.#written += written;
      if (epoch !== this.#epoch) this.#encoder.forgetSent();
      this.#epoch = epoch;
    }
    for (const message of failedKeys)
      this.#report({ code: 'index_failed', message: `a key could not be written: ${message}` });
  }
}
