import { ageRefusal, type Entry, Keyspace, type RetentionDays, requestMessage } from '@tailrace/schema';
import { buildEntry, EntryIds, type LogRecord, type Redactor } from '@tailrace/writer';
import { DeliveryCounts } from '../delivery/delivery-counts.js';
import type { DeliveryStats, RecordDestination } from '../delivery/record-destination.js';

/** What a {@link Recording} works with. */
export interface RecordingParts {
  readonly redactor: Redactor;
  readonly retentionDays: RetentionDays;
  readonly now: () => number;
  readonly onEntry: (entry: Entry) => void;
}

/** Makes entries of records at once and keeps them in memory, as Redis would give them back. */
export class Recording implements RecordDestination {
  readonly #parts: RecordingParts;
  readonly #counts: DeliveryCounts;
  readonly #keyspace = new Keyspace();
  readonly #ids = new EntryIds();
  #isClosed = false;

  constructor(parts: RecordingParts) {
    this.#parts = parts;
    this.#counts = new DeliveryCounts(parts.now);
  }

  accept(): void {
    this.#counts.accepted++;
  }

  withdraw(): void {
    this.#counts.accepted--;
  }

  /** Memory is the test's. */
  turnsAway(): boolean {
    return false;
  }

  unreadable(): void {
    this.#counts.accepted++;
    this.#counts.drop('unreadable', 1);
  }

  push(record: LogRecord): void {
    const entry = this.#isClosed ? undefined : this.#build(record);
    if (this.#isClosed) this.#counts.drop('closed', 1);
    if (entry === undefined) return;
    this.#counts.settle(1, 'written');
    this.#parts.onEntry(entry);
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  stats(): DeliveryStats {
    const { accepted, written, settled, dropped } = this.#counts;
    const nothing = {
      pendingBytes: 0,
      spooled: 0,
      spooledBytes: 0,
      unconfirmed: 0,
      retries: 0,
      recovered: 0,
      consoleDropped: 0,
    };
    return { ...nothing, accepted, written, pending: accepted - settled, dropped: { ...dropped } };
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return Promise.resolve();
  }

  #build(record: LogRecord): Entry | undefined {
    const { redactor, retentionDays, now } = this.#parts;
    try {
      const entry = buildEntry(record, redactor);
      const refusal = ageRefusal(entry, retentionDays, now());
      if (refusal === undefined) return this.#stored(entry);
      this.#counts.drop(refusal.code, 1);
    } catch {
      this.#counts.drop('unreadable', 1);
    }
    return undefined;
  }

  #stored(entry: Entry): Entry {
    const owner = entry.kind === 'request' ? entry.client_ip : entry.component;
    entry.id = this.#keyspace.entry(entry.kind, entry.timestamp, owner, this.#ids.next());
    if (entry.kind === 'request' && entry.message === '') entry.message = requestMessage(entry);
    return JSON.parse(JSON.stringify(entry));
  }
}
