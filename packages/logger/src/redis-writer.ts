import { createHash, randomBytes } from 'node:crypto';
import {
  DAY_MS,
  type Entry,
  Keyspace,
  RETENTION_CLASSES,
  type RetentionDays,
  SHORT_STATS_DAYS,
} from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { APPLY_BATCH_LUA } from './apply-batch.lua.js';
import { BatchCommand } from './batch-command.js';
import { BatchEncoder } from './batch-encoder.js';
import { EntryIds } from './entry-ids.js';
import { keyspaceOptions, type LoggerError, type ResolvedOptions } from './logger-options.js';
import { commandBytes, type Payload, PayloadPool } from './payload.js';
import { RedisConnection } from './redis-connection.js';

const SCRIPT_SHA = createHash('sha1').update(APPLY_BATCH_LUA).digest('hex');

/** Entries numbered and encoded, on their way; a batch that failed is sent again from its first open call. */
export interface Batch {
  readonly entryCount: number;
  readonly calls: readonly Payload[];
  /** Number of the first call, counted per writer from 1. */
  readonly firstNumber: number;
  /** Calls that are known to be applied. */
  applied: number;
  /** Whether it was sent before, so that a socket may still hold its buffers. */
  wasSent: boolean;
}

/** Applies batches, one at a time and in order, each as one pipelined round trip. */
export class RedisWriter {
  /** Unique for this writer's life; de-duplication is by it and the number of the call. */
  readonly id = randomBytes(9).toString('base64url');
  readonly #options: ResolvedOptions;
  readonly #now: () => number;
  readonly #report: (error: LoggerError) => void;
  readonly #keyspace: Keyspace;
  readonly #connection: RedisConnection;
  readonly #encoder: BatchEncoder;
  readonly #ids = new EntryIds();
  readonly #pool = new PayloadPool();
  #nextNumber = 1;
  #epoch = '';
  #preparedFor: unknown;

  constructor(options: ResolvedOptions, now: () => number, report: (error: LoggerError) => void) {
    this.#options = options;
    this.#now = now;
    this.#report = report;
    this.#keyspace = new Keyspace(keyspaceOptions(options));
    this.#connection = new RedisConnection(options.redis, options.commandTimeoutMs, {
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

  /** Gives each entry its id, and the batch its numbers. Batches must be written in the order they are made. */
  prepare(entries: readonly Entry[]): Batch {
    for (const entry of entries) {
      const owner = entry.kind === 'request' ? entry.client_ip : entry.component;
      entry.id = this.#keyspace.entry(entry.kind, entry.timestamp, owner, this.#ids.next());
    }
    const calls = this.#encoder.encode(entries);
    const batch: Batch = {
      entryCount: entries.length,
      calls,
      firstNumber: this.#nextNumber,
      applied: 0,
      wasSent: false,
    };
    this.#nextNumber += calls.length;
    return batch;
  }

  /**
   * One attempt. Resolves as soon as the batch is on its way, so that the caller can encode the next one meanwhile.
   *
   * @returns `applied`, which resolves when the whole batch is applied. When it rejects, something is open, and the same
   *   batch must be sent again before any other.
   * @throws when Redis cannot be reached.
   */
  async send(batch: Batch): Promise<{ readonly applied: Promise<void> }> {
    const redis = await this.#connection.ready();
    this.#connection.hold(true);
    try {
      await this.#prepareConnection(redis);
    } catch (error) {
      this.#failed(error);
      throw error;
    }
    const applied = this.#apply(redis, batch).then(
      () => this.#connection.hold(false),
      (error) => {
        this.#failed(error);
        throw error;
      },
    );
    return { applied };
  }

  /** Milliseconds to wait before the next attempt of a batch. */
  nextRetryMs(): number {
    return this.#connection.nextRetryMs();
  }

  close(): void {
    this.#connection.close();
  }

  /** Once a connection: the script is loaded, and what the server keeps compact is asked for. */
  async #prepareConnection(redis: Redis): Promise<void> {
    const socket = (redis as { stream?: unknown }).stream;
    if (this.#preparedFor === socket) return;
    await redis.script('LOAD', APPLY_BATCH_LUA);
    // Servers that hide CONFIG are taken for default ones: pieces are right everywhere, only not needed.
    const reply = await redis.config('GET', 'hash-max-listpack-value').catch(() => undefined);
    const bytes = Array.isArray(reply) ? Number(reply[1]) : Number.NaN;
    if (bytes > 0) this.#encoder.pieceBytes = bytes;
    this.#preparedFor = socket;
  }

  #failed(error: unknown): void {
    this.#connection.hold(false);
    this.#report({
      code: 'write_failed',
      message: `a batch was not written and is kept: ${textOf(error)}`,
      cause: error,
    });
    if (isTimeout(error)) this.#connection.reset();
  }

  async #apply(redis: Redis, batch: Batch): Promise<void> {
    const isFirstTime = !batch.wasSent;
    batch.wasSent = true;
    const replies: Promise<unknown>[] = [];
    for (let i = batch.applied; i < batch.calls.length; i++) {
      const number = batch.firstNumber + i;
      const after = i === batch.applied ? '' : String(number - 1);
      const args = ['EVALSHA', SCRIPT_SHA, 2, ...this.#keysAndArguments(number, after)];
      replies.push(
        redis.sendCommand(
          new BatchCommand(commandBytes(args, batch.calls[i] as Payload)),
        ) as Promise<unknown>,
      );
    }
    for (const reply of await Promise.allSettled(replies)) {
      if (reply.status === 'rejected') throw this.#understood(reply.reason);
      this.#applied(batch, reply.value as [number, string, string[]]);
    }
    if (isFirstTime) for (const payload of batch.calls) this.#pool.release(payload);
  }

  #understood(error: unknown): unknown {
    if (error instanceof Error && error.message.startsWith('NOSCRIPT')) this.#preparedFor = undefined;
    return error;
  }

  #applied(batch: Batch, [state, epoch, errors]: [number, string, string[]]): void {
    if (state < 0) throw new Error('an earlier call of the batch is missing');
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#encoder.forgetArmed();
    }
    for (const message of errors)
      this.#report({ code: 'index_failed', message: `a key could not be written: ${message}` });
    batch.applied++;
  }

  #keysAndArguments(number: number, after: string): (string | number)[] {
    const { streamMaxLength, retentionDays } = this.#options;
    const now = this.#now();
    return [
      this.#keyspace.writer(this.id),
      this.#keyspace.stream(),
      number,
      after,
      this.#epoch,
      now,
      streamMaxLength,
      keptSeconds(retentionDays.requests),
      keptSeconds(SHORT_STATS_DAYS),
      classTable(retentionDays, now),
    ];
  }
}

/** A day longer than the retention: entries may lie a day ahead of the clock, and keys are armed now and then. */
function keptSeconds(days: number): number {
  return Math.ceil((days + 1) * 86_400);
}

/** ARGV 8 of the script; the last class is the one of minute histograms. */
function classTable(days: RetentionDays, now: number): string {
  const each = [...RETENTION_CLASSES.map((name) => days[name]), SHORT_STATS_DAYS];
  return each.map((kept) => `${keptSeconds(kept)} ${Math.max(0, Math.floor(now - kept * DAY_MS))}`).join(' ');
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Command timed out';
}

function textOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(textOf).join(', ');
  return cause instanceof Error ? cause.message : String(cause);
}
