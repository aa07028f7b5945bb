import { isLasting, MAX_REFUSALS } from '@tailrace/redis/without-client';
import { type BatchWriter, storedAccount } from '@tailrace/writer';
import type { LoggerError } from '../logger-options.js';
import { clearTimeout, setTimeout } from '../real-timers.js';
import { adoptSpool } from '../spool/adopt-spool.js';
import type { AdoptedSpool } from '../spool/adopted-spool.js';
import type { SpoolPlace } from '../spool/spool-directory.js';
import type { DeliveryCounts } from './delivery-counts.js';
import { Pauses } from './pauses.js';
import { lostMessage } from './spool-place.js';

/** How often to look for spools whose writers are gone. */
const LOOK_INTERVAL_MS = 30_000;

/** What {@link Recovery} works with. */
export interface RecoveryParts {
  readonly place: SpoolPlace;
  readonly writer: BatchWriter;
  readonly counts: DeliveryCounts;
  readonly report: (error: LoggerError) => void;
}

/** Writes what processes that are gone have left in their spools, beside this process's own entries. */
export class Recovery {
  readonly #parts: RecoveryParts;
  readonly #pauses = new Pauses();
  #isHurried = false;
  #spool: AdoptedSpool | undefined;
  #pass: Promise<void> | undefined;

  constructor(parts: RecoveryParts) {
    this.#parts = parts;
  }

  /** Looks now and then, for as long as there is something else that keeps the process alive. */
  async start(): Promise<void> {
    // What starts the logger goes first.
    await this.#pauses.pause(0);
    while (!this.#pauses.isStopped) {
      await this.#onePass();
      await this.#pauses.pause(LOOK_INTERVAL_MS);
    }
  }

  /** For a process that has nothing else to do: writes what it can within `ms` milliseconds. */
  async hurry(ms: number): Promise<void> {
    this.#isHurried = true;
    const stop = setTimeout(() => this.#pauses.stop(), ms);
    await this.#onePass();
    clearTimeout(stop);
    this.#isHurried = false;
  }

  /** Leaves the rest to the next process. */
  async stop(): Promise<void> {
    this.#pauses.stop();
    await this.#pass;
  }

  /** As {@link Recovery.stop}, for a process that ends. */
  stopSync(): void {
    this.#pauses.stop();
    this.#spool?.closeSync();
  }

  #onePass(): Promise<void> {
    this.#pass ??= this.#recover()
      .catch((cause) =>
        this.#parts.report({ code: 'spool_failed', message: `spools cannot be recovered: ${cause}`, cause }),
      )
      .finally(() => {
        this.#pass = undefined;
      });
    return this.#pass;
  }

  async #recover(): Promise<void> {
    while (!this.#pauses.isStopped) {
      this.#spool = await adoptSpool(this.#parts.place);
      if (this.#spool === undefined) return;
      try {
        await this.#write(this.#spool);
      } finally {
        await this.#spool.close();
        this.#spool = undefined;
      }
    }
  }

  async #write(spool: AdoptedSpool): Promise<void> {
    const { writer, counts, report } = this.#parts;
    for (let refusals = 0; !this.#pauses.isStopped; ) {
      const chunk = await spool.peek();
      if (chunk === undefined) break;
      try {
        const { applied, refused } = await writer.sendSpooled(
          spool.writerId,
          chunk,
          storedAccount(chunk.counts),
        );
        counts.recovered += applied;
        for (const { reason } of refused) counts.tell(reason, 1);
        await spool.removeOldest();
        refusals = 0;
        // Lets a process that has nothing else to do come to its end.
        if (!this.#isHurried) await this.#pauses.pause(1);
      } catch (error) {
        if (isLasting(error) && ++refusals >= MAX_REFUSALS) {
          this.#giveUp(spool.writerId, chunk.entries.length, error);
          await spool.removeOldest();
          refusals = 0;
        }
        await this.#pauses.pause(writer.nextRetryMs());
      }
    }
    if (spool.lostEntries > 0) {
      counts.tell('spool_damaged', spool.lostEntries);
      const place = `the spool of writer ${spool.writerId}`;
      report({ code: 'entries_lost', message: lostMessage(spool.lostEntries, place, spool.takeFault()) });
    }
    if (spool.damagedRecords > 0) {
      const message = `${spool.damagedRecords} damaged records in the spool of writer ${spool.writerId} were skipped`;
      report({ code: 'spool_failed', message });
    }
  }

  /** They are not among this process's own counts, but readers and `onError` are told. */
  #giveUp(writerId: string, entries: number, cause: unknown): void {
    this.#parts.counts.tell('rejected', entries);
    const message = `${entries} entries in the spool of writer ${writerId} are lost: Redis refuses them`;
    this.#parts.report({ code: 'entries_lost', message, cause });
  }
}
