import { redisScript } from '@tailrace/redis/without-client';
import { type Keyspace, MIN_PIECE_BYTES, ShardCountError } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { commandBytes, type Payload } from '../encoding/payload.js';
import type { ResolvedWriterOptions } from '../writer-options.js';
import { APPLY_BATCH_LUA } from './apply-batch.lua.js';
import type { ScriptReply } from './script-reply.js';
import { scriptSettings } from './script-settings.js';
import type { WriterAccount } from './writer-account.js';
import type { WriterConnection } from './writer-connection.js';

const SCRIPT = redisScript(APPLY_BATCH_LUA);

/** One run of the batch script. */
export interface SentChunk {
  readonly writerId: string;
  readonly number: number;
  /** Number of the chunk that must have been applied. */
  readonly predecessor: number;
  readonly account: WriterAccount;
  readonly payload: Payload;
  /** @see Chunk.ownIdKeys */
  readonly ownIdKeys?: readonly string[] | undefined;
  /** What only the writer itself can say; `undefined` for a chunk that another process left. */
  readonly own: { readonly epoch: string; readonly nowMs: number; readonly written: number } | undefined;
}

/** What chunks are sent over. */
export type ChunkConnection = Pick<WriterConnection, 'sendEncoded' | 'askFirstShard'>;

/** Sends chunks over a connection, on which it first makes the script known. */
export class ChunkSender {
  readonly #keyspace: Keyspace;
  readonly #settings: readonly (string | number)[];
  readonly #onPieceBytes: (bytes: number) => void;
  readonly #connection: ChunkConnection;
  /** Of the cluster this is a shard of. */
  readonly #shards: number;
  #preparedFor: unknown;

  /** @param onPieceBytes told the longest value that the server keeps compact */
  constructor(parts: {
    readonly keyspace: Keyspace;
    readonly options: ResolvedWriterOptions;
    readonly connection: ChunkConnection;
    readonly onPieceBytes: (bytes: number) => void;
  }) {
    this.#connection = parts.connection;
    this.#keyspace = parts.keyspace;
    this.#settings = scriptSettings(parts.options);
    this.#shards = parts.options.redis.shards;
    this.#onPieceBytes = parts.onPieceBytes;
  }

  /**
   * Once a connection: the script is loaded, and what the server keeps compact is asked for.
   *
   * @returns whether it was the first time
   * @throws ShardCountError; what the connection throws
   */
  async prepare(redis: Redis): Promise<boolean> {
    const socket = (redis as { stream?: unknown }).stream;
    if (this.#preparedFor === socket) return false;
    if (this.#keyspace.isShard) await this.#checkShards(redis);
    await redis.script('LOAD', SCRIPT.source);
    // Servers that hide CONFIG are taken for default ones: pieces are right everywhere, only not needed.
    const reply = await redis.config('GET', 'hash-max-listpack-value').catch(() => undefined);
    const bytes = Array.isArray(reply) ? Number(reply[1]) : Number.NaN;
    if (bytes > 0) this.#onPieceBytes(Math.max(bytes, MIN_PIECE_BYTES));
    this.#preparedFor = socket;
    return true;
  }

  /** A shard that nobody has written to does not know: then the first one, which every number of shards has, is asked. */
  async #checkShards(redis: Redis): Promise<void> {
    const own = String(this.#shards);
    const key = this.#keyspace.shards();
    let stored = await redis.get(key);
    if (stored === null) {
      const first = this.#keyspace.ofShard(0).shards();
      await this.#connection.askFirstShard('set', [first, own, 'NX']);
      stored = String(await this.#connection.askFirstShard('get', [first]));
      if (stored === own) await redis.set(key, own);
    }
    if (stored !== own) throw new ShardCountError(stored, this.#shards);
  }

  /** @throws what Redis replies; what the connection throws */
  async send(
    redis: Redis,
    { writerId, number, predecessor, account, payload, ownIdKeys = [], own }: SentChunk,
  ): Promise<ScriptReply> {
    const keyspace = this.#keyspace;
    const keys = [
      keyspace.writer(writerId),
      keyspace.stream(),
      keyspace.writers(),
      keyspace.storageVersion(),
      ...ownIdKeys,
      ...(keyspace.isShard ? [keyspace.absent()] : []),
    ];
    const args = [
      'EVALSHA',
      SCRIPT.sha1,
      keys.length,
      ...keys,
      number,
      predecessor,
      own?.epoch ?? '',
      own?.nowMs ?? '',
      ...this.#settings,
      own?.written ?? '',
      payload.firstExpiry,
      payload.highestScore,
      payload.rest,
      ...account,
    ];
    try {
      return (await this.#connection.sendEncoded(redis, commandBytes(args, payload))) as ScriptReply;
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('NOSCRIPT')) this.#preparedFor = undefined;
      throw error;
    }
  }
}
