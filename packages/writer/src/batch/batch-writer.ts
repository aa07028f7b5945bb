import type { Entry } from '@tailrace/schema';
import type { Batch, Chunk } from './batch.js';
import type { SpooledResult } from './redis-writer.js';
import type { WriterAccount } from './writer-account.js';

/** What numbers and sends the batches of a delivery; {@link RedisWriter} is the one that writes them into Redis. */
export interface BatchWriter {
  /** Entries that are written, and may be lost with the server. */
  readonly unconfirmed: number;
  /** Chunks are known by it and their numbers. */
  readonly id: string;
  /** Goes on as another writer. */
  renew(): void;
  /** The time by the server's clock, in epoch milliseconds. */
  serverNow(): number;
  /** Gives each entry its id and its order, and groups them into numbered chunks. */
  number(entries: readonly Entry[], firstRecord?: number): Batch;
  /** Encodes a chunk that is not encoded yet. @throws when an entry cannot be encoded */
  encode(chunk: Chunk): void;
  /** One attempt. @returns `applied`, which resolves when the whole batch is taken. @throws when it cannot be sent */
  send(batch: Batch, account: WriterAccount): Promise<{ readonly applied: Promise<void> }>;
  /** The first attempt at a batch while the one before it is on its way: taken only if that one is. */
  sendBehind(batch: Batch, account: WriterAccount): Promise<void>;
  /** Sends a chunk from a spool. @throws when it is not known to be taken; the same chunk can be sent again */
  sendSpooled(
    writerId: string,
    chunk: { readonly number: number; readonly entries: readonly Entry[] },
    account: WriterAccount,
  ): Promise<SpooledResult>;
  /** The levels set for all writers; `undefined` where they cannot be asked for. */
  readLevels(): Promise<Record<string, string> | undefined>;
  /** What was encoded may never arrive. */
  forgetSent(): void;
  /** Milliseconds to wait before the next attempt. */
  nextRetryMs(): number;
  /** Resolves when nothing is {@link unconfirmed}, or after so long. */
  confirmed(withinMs: number): Promise<void>;
  close(): void;
}
