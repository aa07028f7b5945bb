import type { DropCounts, Entry } from '@tailrace/schema';
import { type Batch, entryCount, openChunks } from './batch/batch.js';
import { RedisWriter, type RedisWriterParts } from './batch/redis-writer.js';
import { writerAccount } from './batch/writer-account.js';
import type { WriteResult } from './entry-writer.js';

const ATTEMPTS = 3;

/** Writes entries of one server, or of one shard, batch after batch. */
export class EntryLane {
  readonly #writer: RedisWriter;
  #accepted = 0;
  readonly #dropped: DropCounts = {};
  /** Settles when what was given last is written. */
  #lastWritten: Promise<unknown> = Promise.resolve();

  constructor(parts: RedisWriterParts) {
    this.#writer = new RedisWriter(parts);
  }

  /** One batch after the other: the numbers that keep a batch from being applied twice are in this order. */
  write(
    entries: Promise<readonly Entry[]>,
    ownIds: readonly string[] | undefined,
  ): Promise<readonly WriteResult[]> {
    const written = this.#lastWritten.then(async () => this.#write(await entries, ownIds));
    this.#lastWritten = written.then(
      () => undefined,
      () => undefined,
    );
    return written;
  }

  async close(): Promise<void> {
    await this.#lastWritten;
    await this.#writer.confirmed(CONFIRM_MS);
    this.#writer.close();
  }

  async #write(
    entries: readonly Entry[],
    ownIds: readonly string[] | undefined,
  ): Promise<readonly WriteResult[]> {
    if (entries.length === 0) return [];
    const ownIdKeys = ownIds?.map((id) => this.#writer.keyspace.ownId(id));
    const batch = this.#writer.number(entries, 0, ownIdKeys);
    const ids = entries.map(({ id }) => id);
    await this.#deliver(batch);
    const refusals = new Map(batch.refused.map(({ id, reason: code, message }) => [id, { code, message }]));
    return ids.map((id) => {
      const storedAs = batch.storedBefore?.get(id);
      if (storedAs !== undefined) return { id: storedAs, isStoredBefore: true };
      const refused = refusals.get(id);
      return refused === undefined ? { id } : { refused };
    });
  }

  async #deliver(batch: Batch): Promise<void> {
    this.#accepted += entryCount(batch.chunks);
    const account = writerAccount(this.#accepted, this.#dropped);
    for (let attempt = 1; ; attempt++) {
      try {
        const { applied } = await this.#writer.send(batch, account);
        await applied;
        for (const { reason } of batch.refused) this.#dropped[reason] = (this.#dropped[reason] ?? 0) + 1;
        this.#accepted -= batch.storedBefore?.size ?? 0;
        return;
      } catch (error) {
        if (attempt >= ATTEMPTS) {
          this.#writer.forgetSent();
          this.#accepted -=
            entryCount(openChunks(batch)) + batch.refused.length + (batch.storedBefore?.size ?? 0);
          throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, this.#writer.nextRetryMs()));
      }
    }
  }
}

/** How long closing waits for replicas. */
const CONFIRM_MS = 1_000;
