import type { ConnectionEvents, RedisConnection } from '@tailrace/redis';
import type { Redis } from 'ioredis';
import type { ResolvedWriterOptions } from '../writer-options.js';
import { loadRedis, type RedisModule } from './load-redis.js';

/** Milliseconds until it is tried again, when the client itself cannot be loaded. */
const LOAD_RETRY_MS = 1_000;

/** The connection of a writer, whose client is loaded when the first batch is sent. */
export class WriterConnection {
  readonly #options: Pick<ResolvedWriterOptions, 'redis' | 'commandTimeoutMs'>;
  readonly #events: ConnectionEvents;
  #loaded: { readonly module: RedisModule; readonly connection: RedisConnection } | undefined;
  #loading: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: Pick<ResolvedWriterOptions, 'redis' | 'commandTimeoutMs'>, events: ConnectionEvents) {
    this.#options = options;
    this.#events = events;
  }

  /** The connection when it is up: connects when it is not. @throws when Redis cannot be reached now. */
  async ready(): Promise<Redis> {
    if (this.#loaded === undefined) await this.#load();
    if (this.#loaded === undefined) throw new Error('the connection is closed');
    return this.#loaded.connection.ready();
  }

  /** Sends an EVALSHA whose bytes are made already, on a connection that is {@link ready}. */
  sendEncoded(redis: Redis, bytes: Buffer): Promise<unknown> {
    const { EncodedCommand } = (this.#loaded as { module: RedisModule }).module;
    return redis.sendCommand(new EncodedCommand(bytes)) as Promise<unknown>;
  }

  /** Asks over a connection there is, and the answer keeps no process alive. @returns `undefined` without one */
  async askQuietly(name: string, args: string[]): Promise<unknown> {
    const redis = this.#loaded?.connection.current;
    if (this.#loaded === undefined || redis === undefined) return undefined;
    return redis.sendCommand(new this.#loaded.module.QuietCommand(name, args));
  }

  /**
   * Asks the first shard of a cluster, over a connection made for it.
   *
   * @throws what the connection throws
   */
  async askFirstShard(name: string, args: string[]): Promise<unknown> {
    const { module } = this.#loaded as { module: RedisModule };
    const { redis, commandTimeoutMs } = this.#options;
    const connection = new module.RedisConnection(redis.ofShard(0), commandTimeoutMs, { onDown: () => {} });
    try {
      return await (await connection.ready()).call(name, ...args);
    } finally {
      connection.close();
    }
  }

  /** Milliseconds to wait before the next attempt; doubles with each failure. */
  nextRetryMs(): number {
    return this.#loaded?.connection.nextRetryMs() ?? LOAD_RETRY_MS;
  }

  /** Something was answered as it should be: the next failure waits for the shortest time. */
  worked(): void {
    this.#loaded?.connection.worked();
  }

  /** Gives up what is in flight. */
  reset(): void {
    this.#loaded?.connection.reset();
  }

  close(): void {
    this.#isClosed = true;
    this.#loaded?.connection.close();
  }

  /** Whether the open socket keeps the process alive. */
  hold(alive: boolean): void {
    this.#loaded?.connection.hold(alive);
  }

  #load(): Promise<void> {
    this.#loading ??= this.#begin().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #begin(): Promise<void> {
    try {
      const module = await loadRedis();
      if (this.#isClosed) return;
      const { redis, commandTimeoutMs } = this.#options;
      this.#loaded = {
        module,
        connection: new module.RedisConnection(redis, commandTimeoutMs, this.#events),
      };
    } catch (cause) {
      this.#events.onDown(cause);
      throw cause;
    }
  }
}
