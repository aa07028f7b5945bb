import { Redis, type RedisOptions } from 'ioredis';
import { optionsOf } from './cluster/shard-connector.js';
import { endOnFailedSelect } from './failed-select.js';
import type { RedisTarget } from './redis-target.js';

const FIRST_RETRY_MS = 50;
const MAX_RETRY_MS = 2_000;
/** What was sent last may still go out; the process waits for no longer than that. */
const DISCONNECT_MS = 100;

/** What is told about a connection. */
export interface ConnectionEvents {
  readonly onDown: (cause: unknown) => void;
}

/**
 * One connection that holds no queue of its own: a command either goes out at once or fails, and a lost one is never
 * sent again behind our back. Reconnecting never keeps an otherwise finished process alive.
 */
export class RedisConnection {
  readonly #redis: Redis;
  readonly #events: ConnectionEvents;
  #connecting: Promise<Redis> | undefined;
  #retryMs = FIRST_RETRY_MS;
  #closed = false;
  /** Why there can be no connection at all. */
  readonly #problem: Error | undefined;
  #lastError: unknown;
  /** The last connection was up and of no use, and nothing has {@link worked} since. */
  #isGivenUp = false;

  constructor(target: RedisTarget, commandTimeoutMs: number, events: ConnectionEvents) {
    const own = {
      lazyConnect: true,
      replyMapping: 'legacy',
      stringNumbers: false,
      enableOfflineQueue: false,
      // It asks for INFO, which may not be permitted; a server that is loading says so to every command.
      enableReadyCheck: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      retryStrategy: () => null,
      sentinelRetryStrategy: () => null,
      reconnectOnError: null,
      connectTimeout: 5_000,
      disconnectTimeout: DISCONNECT_MS,
      commandTimeout: commandTimeoutMs,
      connectionName: 'tailrace-logger',
    } as const satisfies RedisOptions;
    this.#problem = target.problem;
    this.#redis = new Redis({ ...optionsOf(target), ...own });
    this.#events = events;
    this.#redis.on('error', (error) => {
      this.#lastError = error;
      events.onDown(error);
    });
    endOnFailedSelect(this.#redis);
  }

  /** The connection, if it is up. */
  get current(): Redis | undefined {
    return this.#redis.status === 'ready' ? this.#redis : undefined;
  }

  /** The connection when it is up: connects when it is not. @throws when Redis cannot be reached now. */
  async ready(): Promise<Redis> {
    if (this.#redis.status === 'ready') return this.#redis;
    if (this.#closed) throw new Error('the connection is closed');
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  /** Redis did what it was asked for: the next failure is a first one. */
  worked(): void {
    this.#isGivenUp = false;
    this.#retryMs = FIRST_RETRY_MS;
  }

  /** Milliseconds to wait before the next attempt; doubles with each failure. */
  nextRetryMs(): number {
    const wait = this.#retryMs;
    this.#retryMs = Math.min(wait * 2, MAX_RETRY_MS);
    return wait;
  }

  /** Gives up what is in flight, so that an answer that comes too late is not taken for the next one's. */
  reset(): void {
    this.#isGivenUp = true;
    this.#redis.disconnect();
  }

  close(): void {
    this.#closed = true;
    // ioredis would set a timer for a socket that is closed already, and keep the process alive with it.
    if (this.#redis.status !== 'end') this.#redis.disconnect();
  }

  /** Whether the open socket keeps the process alive. */
  hold(alive: boolean): void {
    const socket = (this.#redis as { stream?: { ref?(): void; unref?(): void } }).stream;
    if (alive) socket?.ref?.();
    else socket?.unref?.();
  }

  async #connect(): Promise<Redis> {
    this.#lastError = undefined;
    try {
      if (this.#problem !== undefined) throw this.#problem;
      if (this.#redis.status !== 'wait' && this.#redis.status !== 'end') await this.#ended();
      await this.#redis.connect();
    } catch (error) {
      // ioredis may only say that the connection was closed, after it has told why.
      const cause = this.#lastError ?? error;
      this.#events.onDown(cause);
      throw cause;
    }
    // One that was given up may connect at once, and be as useless as before.
    if (!this.#isGivenUp) this.#retryMs = FIRST_RETRY_MS;
    return this.#redis;
  }

  #ended(): Promise<void> {
    return new Promise((resolve) => {
      this.#redis.once('end', resolve);
      this.#redis.disconnect();
    });
  }
}
