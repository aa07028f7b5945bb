import type { RedisTarget } from '@tailrace/redis/without-client';
import type { Keyspace } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import type { WriterError } from '../writer-options.js';
import { type Batch, isEncoded } from './batch.js';
import type { ChunkSender, SentChunk } from './chunk-sender.js';
import { Replicas } from './replicas.js';
import { readReply } from './script-reply.js';
import { type UnconfirmedChunk, UnconfirmedChunks } from './unconfirmed-chunks.js';
import type { WriterAccount } from './writer-account.js';

/** Bytes that are kept at most, of all shards together. */
const MAX_KEPT_BYTES = 1 << 24;

/** What a {@link Replication} works with. */
export interface ReplicationParts {
  readonly target: RedisTarget;
  readonly keyspace: Keyspace;
  readonly chunks: Pick<ChunkSender, 'send'>;
  readonly report: (error: WriterError) => void;
  /** What the writer says with a chunk sent now, and how many entries of it are known to be written. */
  readonly own: () => NonNullable<SentChunk['own']>;
  /** Told when chunks were written again. */
  readonly onRestored: () => void;
}

/**
 * What is written on a server whose replica may take its place: it is kept until the replicas have it, and written again, once,
 * on a new master that lacks it.
 */
export class Replication {
  readonly #parts: ReplicationParts;
  /** `undefined`: no replica can take the server's place. */
  readonly #replicas: Replicas | undefined;
  readonly #unconfirmed: UnconfirmedChunks;
  #account: WriterAccount = [];

  constructor(parts: ReplicationParts) {
    this.#parts = parts;
    const { cluster, options, shards } = parts.target;
    this.#unconfirmed = new UnconfirmedChunks(MAX_KEPT_BYTES / shards);
    this.#replicas = cluster !== undefined || options.sentinels ? new Replicas() : undefined;
  }

  /** Entries that are written, and that the replicas may lack. */
  get unconfirmed(): number {
    return this.#unconfirmed.entries;
  }

  /** Asks a new connection which replicas there are. */
  async look(redis: Redis): Promise<void> {
    await this.#replicas?.look(redis);
  }

  /** Of another writer from here on. */
  renew(): void {
    this.#unconfirmed.clear();
  }

  /** Keeps a copy of an own batch that is applied, where a replica may be to have it. */
  keep(redis: Redis, { chunks }: Batch, account: WriterAccount): void {
    if (this.#replicas === undefined) return;
    this.#account = account;
    for (const { number, size, content, ownIdKeys } of chunks)
      if (isEncoded(content)) this.#unconfirmed.keep({ number, size, payload: content, ownIdKeys });
    void this.#confirm(redis).catch(() => undefined);
  }

  /** Waits for the replicas: what another writer left goes with the answer. */
  async waitForReplicas(redis: Redis): Promise<void> {
    await this.#replicas?.haveAll(redis);
  }

  /**
   * After a master was lost: writes again what the one that took its place lacks, and waits for its replicas.
   *
   * @throws what the connection throws
   */
  async reconfirm(redis: Redis, writerId: string): Promise<void> {
    const last = Number((await redis.hget(this.#parts.keyspace.writer(writerId), 'batch')) ?? 0);
    await this.restore(redis, writerId, last);
    await this.#confirm(redis);
  }

  /**
   * Applies the chunks behind `last` once more, in their order.
   *
   * @returns whether any was
   * @throws what the connection throws
   */
  async restore(redis: Redis, writerId: string, last: number): Promise<boolean> {
    if (this.#unconfirmed.lacksGivenUp(last))
      this.#reportLost('there were too many to keep a copy of them all');
    const lost = this.#unconfirmed.behind(last);
    let written = this.#parts.own().written - lost.reduce((sum, { size }) => sum + size, 0);
    let predecessor = last;
    for (const chunk of lost) {
      if (!(await this.#sendAgain(redis, writerId, chunk, { predecessor, written }))) continue;
      predecessor = chunk.number;
      written += chunk.size;
    }
    if (predecessor === last) return false;
    this.#parts.onRestored();
    return true;
  }

  async #confirm(redis: Redis): Promise<void> {
    const { newest } = this.#unconfirmed;
    if (newest === 0 || this.#replicas === undefined) return;
    if (await this.#replicas.haveAll(redis)) this.#unconfirmed.confirm(newest);
  }

  /** @returns whether the chunk is written; one that is not will never be, and is kept no longer */
  async #sendAgain(
    redis: Redis,
    writerId: string,
    chunk: UnconfirmedChunk,
    { predecessor, written }: { readonly predecessor: number; readonly written: number },
  ): Promise<boolean> {
    const { number, payload, ownIdKeys } = chunk;
    const reply = readReply(
      await this.#parts.chunks.send(redis, {
        writerId,
        number,
        predecessor,
        account: this.#account,
        payload,
        ownIdKeys,
        own: { ...this.#parts.own(), written },
      }),
    );
    if (reply.state === 'applied') return true;
    if (reply.state === 'missing')
      throw new Error(`chunk ${predecessor}, which was written, is missing again`);
    this.#unconfirmed.forget(number);
    this.#reportLost(
      reply.state === 'refused'
        ? 'some have become too old to be written again'
        : 'some were sent again by their sender meanwhile',
    );
    return false;
  }

  #reportLost(reason: string): void {
    const message = `a master was lost with entries that no replica had, and not all are written again: ${reason}`;
    this.#parts.report({ code: 'entries_lost', message });
  }
}
