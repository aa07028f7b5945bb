import { isLasting, isReply, MAX_REFUSALS } from '@tailrace/redis/without-client';
import { type Batch, type BatchWriter, isEncoded } from '@tailrace/writer';
import { turnOfTheLoop } from '../real-timers.js';
import type { DeliveryCounts, Outcome } from './delivery-counts.js';
import type { DueBatches } from './due-batches.js';
import type { Pauses } from './pauses.js';
import type { Progress } from './progress.js';
import type { Spooling } from './spooling.js';
import { LateAnswer, within } from './within.js';

/** How long Redis may take for a batch before batches go into the spool. */
const SPILL_AFTER_MS = 1_000;

/** What a {@link BatchPipeline} works with. */
export interface BatchPipelineParts {
  readonly due: DueBatches;
  readonly writer: BatchWriter;
  /** `undefined` without a spool: then batches wait in memory. */
  readonly spooling: Spooling | undefined;
  readonly counts: DeliveryCounts;
  readonly pauses: Pauses;
  readonly progress: Progress;
}

/** A batch on its way. */
interface Slot {
  readonly batch: Batch;
  /** Whether an attempt at it is waited for now. */
  isAwaited: boolean;
  /** Whether it is being encoded, to be sent behind the first. */
  isPreparing: boolean;
  /** Of a batch that was sent behind the first, so that the server need not wait for us: resolves when it is applied. */
  ahead: Promise<void> | undefined;
}

/** Two batches on their way to Redis, in order: the first is seen through, the second is encoded and sent behind it. */
export class BatchPipeline {
  readonly #parts: BatchPipelineParts;
  #first: Slot | undefined;
  #second: Slot | undefined;
  #spilling: Promise<boolean> | undefined;

  constructor(parts: BatchPipelineParts) {
    this.#parts = parts;
  }

  /** Batches that are neither known to be written nor known to be in the spool, in order. */
  get batches(): readonly Batch[] {
    return [this.#first, this.#second].flatMap((slot) => (slot === undefined ? [] : [slot.batch]));
  }

  /** Gives up the batches: whatever is heard of them from now on counts for nothing. */
  takeAll(): readonly Batch[] {
    const { batches } = this;
    for (const batch of batches) batch.isLeft = true;
    this.#empty();
    return batches;
  }

  /** Resolves when no batch is being written into files. */
  async spilled(): Promise<void> {
    await this.#spilling;
  }

  /**
   * Sees the next batch through: it is written, in the spool, or dropped and counted then.
   *
   * @returns `false` when none is due, or when delivery was stopped meanwhile.
   */
  async deliverNext(): Promise<boolean> {
    if (this.#parts.pauses.isStopped) return false;
    this.#first = this.#second ?? slotOf(this.#parts.due.next());
    this.#second = undefined;
    if (this.#first === undefined) return false;
    await this.#deliver(this.#first);
    return !this.#parts.pauses.isStopped;
  }

  /** Sends a batch that has become due behind the first, when that is on its way and nothing is behind it yet. */
  fill(): void {
    if (this.#first?.isAwaited && this.#second === undefined) void this.#sendSecond(this.#first);
  }

  /** Ends when the batch has left, or when delivery is stopped. */
  async #deliver(slot: Slot): Promise<void> {
    const { writer, counts, pauses } = this.#parts;
    if (!(await this.#encode(slot))) return;
    for (let failures = slot.ahead ? 0 : 1, refusals = 0; !pauses.isStopped; failures++) {
      const cause = await this.#attempt(slot);
      if (cause === undefined) return this.#leave(slot);
      if (pauses.isStopped) return;
      counts.retries++;
      // It may have failed with the batch before it only. One that is still on its way is not sent beside itself.
      if (failures === 0 && !(cause instanceof LateAnswer)) continue;
      if (isLasting(cause) && ++refusals >= MAX_REFUSALS) return this.#giveUp(slot);
      // A server that answers may only have lost the script, which the next attempt mends.
      const isAway = failures > 1 || !isReply(cause);
      this.#spilling = isAway ? this.#spill() : undefined;
      if (await this.#spilling) return;
      await pauses.pause(writer.nextRetryMs());
    }
  }

  /** @returns why it failed, `undefined` when the batch is applied. */
  async #attempt(slot: Slot): Promise<unknown> {
    slot.isAwaited = true;
    try {
      const sent = this.#send(slot);
      await (this.#parts.spooling === undefined ? sent : within(sent, SPILL_AFTER_MS));
      return undefined;
    } catch (cause) {
      return cause;
    } finally {
      slot.isAwaited = false;
    }
  }

  /** While Redis works on the first batch, the second is encoded and sent. */
  async #send(slot: Slot): Promise<void> {
    const { writer, counts } = this.#parts;
    const { ahead } = slot;
    slot.ahead = undefined;
    // What was sent behind an attempt that failed is sent again behind this one.
    if (this.#second !== undefined) this.#second.ahead = undefined;
    const applied = ahead ?? (await writer.send(slot.batch, counts.record())).applied;
    // Not when Redis took so long that the batch goes into the spool, and what comes next behind it.
    if (slot.isAwaited) void this.#sendSecond(slot);
    await applied;
  }

  async #sendSecond(first: Slot): Promise<void> {
    this.#second ??= slotOf(this.#parts.due.next());
    const second = this.#second;
    if (second === undefined || second.isPreparing || second.ahead !== undefined) return;
    second.isPreparing = true;
    try {
      await this.#encodeChunks(second);
    } catch {
      // What fails here fails again, and is counted, when it is its turn.
      return;
    } finally {
      second.isPreparing = false;
    }
    if (!first.isAwaited || this.#second !== second) return;
    second.ahead = this.#parts.writer.sendBehind(second.batch, this.#parts.counts.record());
    second.ahead.catch(() => undefined);
  }

  /** The one way out: what of the batch was applied is written, and the rest has that outcome, or is in files. */
  #leave(slot: Slot, rest?: Outcome): void {
    if (this.#first !== slot) return;
    this.#first = undefined;
    this.#parts.counts.settleBatch(slot.batch, rest);
    this.#parts.progress.made();
  }

  /** @returns whether the batch and what is behind it are in files now. */
  async #spill(): Promise<boolean> {
    const { spooling, counts, progress } = this.#parts;
    if (spooling === undefined) return false;
    // As they are now: what is applied later is replayed, and counted, from the files.
    const { batches } = this;
    const taken = batches.map((batch) => ({ ...batch }));
    for (const batch of batches) batch.isLeft = true;
    if (!(await spooling.begin(taken))) {
      for (const batch of batches) batch.isLeft = false;
      return false;
    }
    for (const batch of taken) counts.settleBatch(batch);
    this.#empty();
    progress.made();
    return true;
  }

  #empty(): void {
    this.#first = undefined;
    this.#second = undefined;
  }

  #giveUp(slot: Slot): void {
    this.#leave(slot, 'rejected');
    this.#parts.writer.forgetSent();
  }

  /** What cannot be encoded, which would be a mistake of ours, must not end the application: it is counted. */
  async #encode(slot: Slot): Promise<boolean> {
    try {
      await this.#encodeChunks(slot);
      return true;
    } catch {
      this.#leave(slot, 'unreadable');
      return false;
    }
  }

  /** The event loop has its turn before each chunk: the whole batch at once is what a service would feel. */
  async #encodeChunks(slot: Slot): Promise<void> {
    for (const chunk of slot.batch.chunks) {
      if (isEncoded(chunk.content)) continue;
      await turnOfTheLoop();
      // It may have gone into the spool meanwhile: expiries it would have refreshed would not be.
      if (slot === this.#first || slot === this.#second) this.#parts.writer.encode(chunk);
    }
  }
}

function slotOf(batch: Batch | undefined): Slot | undefined {
  return batch && { batch, isAwaited: false, isPreparing: false, ahead: undefined };
}
