import type { Level } from '@tailrace/schema';
import {
  type BatchWriter,
  chunkEntries,
  entryCount,
  type LogRecord,
  openChunks,
  Redactor,
  RedisWriter,
} from '@tailrace/writer';
import { levelOf } from '../call/record-facts.js';
import { RemoteLevels } from '../call/remote-levels.js';
import type { LoggerError, ResolvedOptions } from '../logger-options.js';
import { isAtItsEnd, onProcessEnd } from '../process-end.js';
import { clearTimeout, setTimeout } from '../real-timers.js';
import { Spool } from '../spool/spool.js';
import type { SpoolPlace } from '../spool/spool-directory.js';
import { BatchSource, type EntryOutput } from './batch-source.js';
import { Batcher } from './batcher.js';
import { DeliveryCounts } from './delivery-counts.js';
import { consoleDropped, type DeliveryParts, entryOutputs, type SharedDelivery } from './delivery-parts.js';
import { Pauses } from './pauses.js';
import { Progress } from './progress.js';
import type { DeliveryStats, RecordDestination } from './record-destination.js';
import { RecordQueue } from './record-queue.js';
import { Recovery } from './recovery.js';
import { spoolPlace } from './spool-place.js';
import { Spooling } from './spooling.js';

/** How long closing waits at most until replicas have what was written. */
const CONFIRM_MS = 1_000;
/** What a process that has nothing left to do spends on spools of others. */
const HURRY_MS = 2_000;

/**
 * What becomes of records: queue, batches, Redis, and the spool when Redis is away or the process ends. Keeps no otherwise
 * finished process alive.
 */
export class Delivery implements RecordDestination {
  readonly #counts: DeliveryCounts;
  readonly #queue: RecordQueue;
  readonly #source: BatchSource;
  readonly #writer: BatchWriter;
  #spool: Spool | undefined;
  #makeSpool: (() => Spool) | undefined;
  readonly #batcher: Batcher;
  readonly #recovery: Recovery | undefined;
  readonly #remoteLevels: RemoteLevels | undefined;
  readonly #outputs: readonly EntryOutput[];
  readonly #ownOutputs: readonly EntryOutput[];
  readonly #report: (error: LoggerError) => void;
  readonly #forgetEnd: () => void;
  /** Entries in files that another process has taken over. */
  #taken = 0;
  #isClosed = false;
  /** Nothing asynchronous happens any more. */
  #isExiting: boolean;
  #isLate = false;

  constructor({ options, now, report, applyLevels, shared, sink }: DeliveryParts) {
    const counts = new DeliveryCounts(now);
    this.#counts = counts;
    this.#report = report;
    this.#queue = new RecordQueue({
      maxEntries: options.maxQueueEntries,
      maxBytes: options.maxQueueBytes,
      isAway: () => counts.isAway,
      onShed: (count) => this.#drop(count),
      load: shared?.load,
    });
    const writer: BatchWriter =
      sink?.openWriter({ now, report }) ??
      new RedisWriter({
        options,
        now,
        report,
        ...(shared && { id: shared.writerId, order: shared.order, pool: shared.pool }),
      });
    this.#writer = writer;
    if (applyLevels !== undefined)
      this.#remoteLevels = new RemoteLevels({ read: () => writer.readLevels(), apply: applyLevels, report });
    this.#ownOutputs = shared === undefined ? entryOutputs(options, report) : [];
    this.#outputs = shared?.outputs ?? this.#ownOutputs;
    this.#source = new BatchSource({
      queue: this.#queue,
      writer,
      counts,
      options,
      redactor: shared?.redactor ?? new Redactor(options.redact),
      outputs: this.#outputs,
    });
    const place = spoolPlace(options, sink);
    if (place !== undefined) {
      this.#makeSpool = () => this.#spoolAt(place, options, shared);
      this.#spool = this.#makeSpool();
      // What others have left is theirs to deliver who can reach Redis.
      if (sink !== undefined || options.redis.problem === undefined)
        this.#recovery = new Recovery({ place, writer, counts, report });
      void this.#recovery?.start();
    }
    const pauses = new Pauses();
    const progress = new Progress();
    const spooling =
      this.#spool &&
      new Spooling({
        spool: this.#spool,
        queue: this.#queue,
        source: this.#source,
        writer,
        counts,
        pauses,
        progress,
        flushIntervalMs: options.flushIntervalMs,
        report,
      });
    this.#batcher = new Batcher({
      queue: this.#queue,
      source: this.#source,
      writer,
      spooling,
      counts,
      pauses,
      progress,
      flushIntervalMs: options.flushIntervalMs,
    });
    this.#isExiting = isAtItsEnd();
    this.#forgetEnd = onProcessEnd({
      beforeExit: () => {
        if (!this.#isClosed) void this.#finish();
      },
      exit: () => this.#keepAtExit(),
    });
  }

  #spoolAt(
    place: SpoolPlace,
    { maxSpoolBytes, spoolFsync }: ResolvedOptions,
    shared: SharedDelivery | undefined,
  ): Spool {
    const own = () => this.#spool?.bytes ?? 0;
    return new Spool({
      ...place,
      writerId: this.#writer.id,
      get maxBytes() {
        return shared === undefined ? maxSpoolBytes : maxSpoolBytes - shared.spooledBytes() + own();
      },
      fsync: spoolFsync,
      onDropped: (_level, count) => this.#counts.drop('spool_full', count),
      onTaken: (entries) => this.#goOnAsAnother(entries),
    });
  }

  /** @param spooled entries in files that are another's now  @returns the id of the writer this is from now on */
  #goOnAsAnother(spooled: number): string {
    this.#taken += spooled;
    this.#writer.renew();
    this.#counts.beginRecord();
    return this.#writer.id;
  }

  /** Counts a call whose record comes later, or never when it is {@link Delivery.withdraw}n. */
  accept(): void {
    this.#counts.accepted++;
  }

  withdraw(): void {
    this.#counts.accepted--;
  }

  /** Whether {@link Delivery.turnsAway} would count a drop. */
  refuses(level: Level): boolean {
    return !this.#isClosed && this.#queue.refuses(level);
  }

  turnsAway(level: Level): boolean {
    if (!this.refuses(level)) return false;
    this.accept();
    this.#drop(1);
    return true;
  }

  /** Something given threw at every attempt to read it. */
  unreadable(): void {
    this.#counts.accepted++;
    this.#counts.drop('unreadable', 1);
  }

  /** Takes a record that was accepted. */
  push(record: LogRecord): void {
    if (this.#isClosed) this.#counts.drop('closed', 1);
    else if (!this.#queue.push(record, levelOf(record))) this.#drop(1);
    else if (this.#isExiting) this.#keepLate();
    else this.#batcher.added();
  }

  /** Resolves when all that was accepted until now is written, in the spool, or dropped and counted. */
  flush(): Promise<void> {
    return this.#batcher.flush();
  }

  stats(): DeliveryStats {
    const { accepted, written, retries, recovered, dropped, settled } = this.#counts;
    const spooled = (this.#spool?.entries ?? 0) + this.#taken;
    return {
      accepted,
      written,
      pending: accepted - settled - spooled,
      pendingBytes: this.#queue.bytes,
      spooled,
      spooledBytes: this.#spool?.bytes ?? 0,
      dropped: { ...dropped },
      retries,
      recovered,
      unconfirmed: this.#writer.unconfirmed,
      consoleDropped: consoleDropped(this.#ownOutputs),
    };
  }

  /** Writes what waits for at most `deadlineMs`, puts the rest into the spool, and ends the connection. */
  async close(deadlineMs: number): Promise<void> {
    this.#isClosed = true;
    this.#counts.isEnding = true;
    this.#remoteLevels?.stop();
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, deadlineMs);
    });
    await Promise.race([this.#batcher.flush().then(() => this.#batcher.drained()), deadline]);
    clearTimeout(timer);
    this.#batcher.stop();
    await this.#recovery?.stop();
    // Or what is half-way in a file would be put there again, and counted twice.
    await this.#batcher.spilled();
    this.#keep();
    await this.#spool?.close();
    await this.#writer.confirmed(Math.min(deadlineMs, CONFIRM_MS));
    this.#writer.close();
    for (const output of this.#ownOutputs) output.close();
    this.#forgetEnd();
  }

  /** The process has nothing left to do: its last batch, and a while for what others have left. */
  async #finish(): Promise<void> {
    this.#counts.isEnding = true;
    await this.flush();
    await this.#recovery?.hurry(HURRY_MS);
  }

  #keepAtExit(): void {
    this.#isExiting = true;
    this.#counts.isEnding = true;
    this.#batcher.stop();
    this.#recovery?.stopSync();
    this.#keep();
    this.#spool?.closeSync();
    for (const output of this.#outputs) output.flushSync();
  }

  /**
   * A listener of the process's end that comes behind ours has logged. The files are released, and may be another's: what
   * comes now goes into files of another writer, which are released by the end itself.
   */
  #keepLate(): void {
    if (!this.#isLate) this.#spool = this.#lateSpool();
    this.#isLate = true;
    this.#keep();
    for (const output of this.#outputs) output.flushSync();
  }

  #lateSpool(): Spool | undefined {
    if (this.#spool !== undefined) this.#goOnAsAnother(this.#spool.entries);
    return this.#makeSpool?.();
  }

  /** Puts what is neither written nor in a file into the spool, synchronously. What does not fit is lost, and said. */
  #keep(): void {
    const batches = [...this.#batcher.leftovers()];
    for (const batch of batches) this.#counts.settleBatch(batch);
    const chunks = batches.flatMap(openChunks);
    const open = entryCount(chunks);
    if (open === 0) return;
    const counts = this.#counts.record();
    const kept =
      this.#spool?.appendSync(
        chunks.map((chunk) => ({ number: chunk.number, entries: chunkEntries(chunk), counts })),
      ) ?? 0;
    if (kept === open) return;
    this.#counts.settle(open - kept, 'exit');
    const cause = this.#spool?.failure;
    this.#report({
      code: 'entries_lost',
      message: `${open - kept} entries are lost at the end of the process`,
      cause,
    });
  }

  #drop(count: number): void {
    this.#counts.drop('queue_full', count);
    this.#report({ code: 'queue_full', message: 'the queue is full, entries are dropped and counted' });
  }
}
