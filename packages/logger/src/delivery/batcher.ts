import { isLasting, isReply, MAX_REFUSALS } from '@tailrace/redis';
import {
  type Batch,
  entryCount,
  isEncoded,
  openChunks,
  type RedisWriter,
  type WriterAccount,
} from '@tailrace/writer';
import type { BatchSource } from './batch-source.js';
import type { DeliveryCounts } from './delivery-counts.js';
import type { Pauses } from './pauses.js';
import type { RecordQueue } from './record-queue.js';
import type { Spooling } from './spooling.js';

/** How long Redis may take for a batch before batches go into the spool. */
const SPILL_AFTER_MS = 1_000;

/** What building, encoding and sending a batch may take, so that it has left when the interval is over. */
const LEAD_MS = 10;

/** What a {@link Batcher} works with. */
export interface BatcherParts {
  readonly queue: RecordQueue;
  readonly source: BatchSource;
  readonly writer: RedisWriter;
  /** `undefined` without a spool: then batches wait in memory. */
  readonly spooling: Spooling | undefined;
  readonly counts: DeliveryCounts;
  readonly pauses: Pauses;
  readonly flushIntervalMs: number;
}

/** Takes records from the queue when a batch is due, and sees each batch through, in order. */
export class Batcher {
  readonly #parts: BatcherParts;
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;
  #current: Batch | undefined;
  /** The current batch while an attempt at it is waited for. */
  #attempted: Batch | undefined;
  #next: Batch | undefined;
  /** The next batch, when it was sent behind the current one: the server goes on without waiting for us. */
  #ahead: { readonly batch: Batch; readonly applied: Promise<void> } | undefined;
  /** Number of the last record that is due without waiting for the interval. */
  #dueUpTo = 0;
  #waiters: { readonly isDone: () => boolean; readonly resolve: () => void }[] = [];

  constructor(parts: BatcherParts) {
    this.#parts = parts;
  }

  /** Called after each record put into the queue. */
  added(): void {
    if (this.#parts.source.hasFullBatch) this.#due();
    else this.#arm();
  }

  /** Resolves when all that was accepted until now is written, in the spool, or dropped and counted. */
  flush(): Promise<void> {
    const upTo = this.#parts.queue.pushed;
    this.#dueUpTo = upTo;
    this.#start();
    return this.#until(() => this.#oldestOpen() > upTo);
  }

  /** Resolves when nothing is left, in the spool neither, or when Redis turns out to be away still. */
  drained(): Promise<void> {
    const { spooling, pauses } = this.#parts;
    const failures = () => spooling?.failures ?? 0;
    const before = failures();
    pauses.wake();
    return this.#until(() => !this.#isRunning || failures() > before);
  }

  /** Ends sending; what waits stays where it is. */
  stop(): void {
    this.#disarm();
    this.#parts.pauses.stop();
  }

  /** Batches that are neither known to be written nor known to be in the spool, in order, and what waits in the queue. */
  *leftovers(): Generator<Batch> {
    for (const batch of [this.#current, this.#next, this.#parts.spooling?.held])
      if (batch !== undefined) yield batch;
    for (;;) {
      const batch = this.#parts.source.next({ notices: true });
      if (batch === undefined) return;
      yield batch;
    }
  }

  /** Called when something was settled or is safe. */
  progressed(): void {
    if (this.#waiters.length === 0) return;
    const done = this.#waiters.filter(({ isDone }) => isDone());
    this.#waiters = this.#waiters.filter((waiter) => !done.includes(waiter));
    for (const { resolve } of done) resolve();
  }

  #until(isDone: () => boolean): Promise<void> {
    if (isDone()) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ isDone, resolve }));
  }

  #oldestOpen(): number {
    const batch = this.#current ?? this.#next ?? this.#parts.spooling?.held;
    return batch?.firstRecord ?? this.#parts.queue.oldest;
  }

  /** From the first record that waits on, whatever is on its way meanwhile. */
  #arm(): void {
    if (this.#timer !== undefined || this.#parts.pauses.isStopped) return;
    const delayMs = Math.max(1, this.#parts.flushIntervalMs - LEAD_MS);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#dueUpTo = this.#parts.queue.pushed;
      this.#due();
    }, delayMs);
    this.#timer.unref();
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** A batch is due: the first one starts us, the next one is sent behind it, and others wait. */
  #due(): void {
    if (!this.#isRunning) this.#start();
    else if (this.#attempted !== undefined && this.#next === undefined)
      void this.#prepareNext(this.#attempted);
  }

  #start(): void {
    const { pauses } = this.#parts;
    pauses.wake();
    if (this.#isRunning || pauses.isStopped) return;
    this.#isRunning = true;
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    const { pauses, queue, spooling, counts } = this.#parts;
    while (!pauses.isStopped) {
      this.#current = this.#next ?? this.#nextDue();
      this.#next = undefined;
      if (this.#current === undefined) break;
      await this.#deliver(this.#current);
      if (pauses.isStopped) return;
      this.#current = undefined;
      this.progressed();
      if (spooling?.isActive) await spooling.run();
    }
    this.#isRunning = false;
    this.progressed();
    if (queue.size > 0 || counts.owesNotices) this.#arm();
  }

  /** Ends when the batch is written, in the spool, or dropped and counted. */
  async #deliver(batch: Batch): Promise<void> {
    const { writer, spooling, counts, pauses } = this.#parts;
    if (!(await this.#encode(batch))) return;
    const wasAhead = this.#ahead?.batch === batch;
    for (let failures = wasAhead ? 0 : 1, refusals = 0; !pauses.isStopped; failures++) {
      const outcome = await this.#attempt(batch);
      if (outcome === 'applied') {
        counts.written += entryCount(batch.chunks);
        return;
      }
      counts.retries++;
      // It may have failed with the batch before it only. One that is still on its way is not sent beside itself.
      if (failures === 0 && !(outcome.cause instanceof LateAnswer)) continue;
      if (isLasting(outcome.cause) && ++refusals >= MAX_REFUSALS) {
        this.#giveUp(batch);
        return;
      }
      // A server that answers may only have lost the script, which the next attempt mends.
      const isAway = failures > 1 || !isReply(outcome.cause);
      if (isAway && (await this.#spill(batch, spooling))) return;
      await pauses.pause(writer.nextRetryMs());
    }
  }

  async #attempt(batch: Batch): Promise<'applied' | { readonly cause: unknown }> {
    this.#attempted = batch;
    const sent = this.#send(batch);
    try {
      await (this.#parts.spooling === undefined ? sent : within(sent, SPILL_AFTER_MS));
      return 'applied';
    } catch (cause) {
      return { cause };
    } finally {
      this.#attempted = undefined;
    }
  }

  /** While Redis works on this batch, the next one is encoded and sent. */
  async #send(batch: Batch): Promise<void> {
    const { writer } = this.#parts;
    const applied = this.#takeAhead(batch) ?? (await writer.send(batch, this.#record())).applied;
    // Not when Redis took so long that the batch goes into the spool, and what comes next behind it.
    if (this.#attempted === batch) void this.#prepareNext(batch);
    await applied;
  }

  #takeAhead(batch: Batch): Promise<void> | undefined {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    return ahead?.batch === batch ? ahead.applied : undefined;
  }

  #record(): WriterAccount {
    return this.#parts.counts.record();
  }

  async #spill(batch: Batch, spooling: Spooling | undefined): Promise<boolean> {
    if (spooling === undefined) return false;
    const batches = this.#next === undefined ? [batch] : [batch, this.#next];
    const written = entryCount(batch.chunks.slice(0, batch.applied));
    if (!(await spooling.begin(batches))) return false;
    this.#parts.counts.written += written;
    this.#next = undefined;
    this.#ahead = undefined;
    return true;
  }

  #giveUp(batch: Batch): void {
    const { counts, writer } = this.#parts;
    counts.written += entryCount(batch.chunks.slice(0, batch.applied));
    counts.drop('rejected', entryCount(openChunks(batch)));
    writer.forgetSent();
  }

  async #prepareNext(current: Batch): Promise<void> {
    this.#next ??= this.#nextDue();
    const next = this.#next;
    if (next === undefined) return;
    try {
      await this.#encodeChunks(next);
    } catch {
      // What fails here fails again, and is counted, when it is its turn.
      return;
    }
    if (this.#attempted !== current || this.#next !== next) return;
    const applied = this.#parts.writer.sendBehind(next, this.#record());
    applied.catch(() => undefined);
    this.#ahead = { batch: next, applied };
  }

  /** What cannot be encoded, which would be a mistake of ours, must not end the application: it is counted. */
  async #encode(batch: Batch): Promise<boolean> {
    try {
      await this.#encodeChunks(batch);
      return true;
    } catch {
      this.#parts.counts.drop('unreadable', entryCount(batch.chunks));
      return false;
    }
  }

  /** The event loop has its turn before each chunk: the whole batch at once is what a service would feel. */
  async #encodeChunks(batch: Batch): Promise<void> {
    for (const chunk of batch.chunks) {
      if (isEncoded(chunk.content)) continue;
      await turnOfTheLoop();
      // It may have gone into the spool meanwhile: expiries it would have refreshed would not be.
      if (batch === this.#current || batch === this.#next) this.#parts.writer.encode(chunk);
    }
  }

  #nextDue(): Batch | undefined {
    const { queue, source, counts } = this.#parts;
    const isDue = queue.oldest <= this.#dueUpTo || source.hasFullBatch || counts.hasUntold;
    if (!isDue) return undefined;
    const batch = source.next({ notices: true });
    if (queue.size === 0) this.#disarm();
    return batch;
  }
}

function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** An attempt goes on, but is not waited for any longer. */
class LateAnswer extends Error {}

/** @throws LateAnswer when the promise takes longer; what becomes of it is not told then. */
async function within(promise: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LateAnswer(`no answer within ${ms} ms`)), ms);
    timer.unref();
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
