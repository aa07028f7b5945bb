import type { DropCounts, DropReason, Level } from '@tailrace/schema';
import {
  EntryOrder,
  type LogRecord,
  newWriterId,
  PayloadPool,
  Redactor,
  shardOfRecord,
  shardOptions,
} from '@tailrace/writer';
import { Delivery } from './delivery.js';
import { consoleDropped, type DeliveryParts, entryOutputs, type SharedDelivery } from './delivery-parts.js';
import type { DeliveryStats, RecordDestination } from './record-destination.js';

/**
 * Delivers to the shards of a cluster, each in a lane of its own: a shard without a master holds back its own entries, within
 * the bounds of queue and spool that all of them share.
 */
export class ShardedDelivery implements RecordDestination {
  readonly #lanes: readonly Delivery[];
  readonly #shared: SharedDelivery;
  readonly #turnMs: number;
  /** Calls that were accepted and whose records, and so their shards, are not known yet. */
  #unplaced = 0;

  constructor({ options, applyLevels, ...parts }: DeliveryParts) {
    this.#shared = {
      writerId: newWriterId(),
      order: new EntryOrder(),
      pool: new PayloadPool(),
      redactor: new Redactor(options.redact),
      outputs: entryOutputs(options, parts.report),
      load: { entries: 0, bytes: 0 },
      spooledBytes: () => this.#sum(({ spooledBytes }) => spooledBytes),
    };
    this.#turnMs = options.flushIntervalMs;
    const shared = this.#shared;
    this.#lanes = shardOptions(options).map(
      (own, shard) =>
        new Delivery({ ...parts, options: own, shared, applyLevels: shard === 0 ? applyLevels : undefined }),
    );
  }

  accept(): void {
    this.#unplaced++;
  }

  withdraw(): void {
    this.#unplaced--;
  }

  /** Which shard it would be is not known yet, so there must be room in none. */
  turnsAway(level: Level): boolean {
    return this.#lanes.every((lane) => lane.refuses(level)) && this.#first.turnsAway(level);
  }

  unreadable(): void {
    this.#first.unreadable();
  }

  push(record: LogRecord): void {
    // Here, as lanes do not wait for each other, and entries of one millisecond keep the order of their calls.
    if (record.fields.timestamp === undefined) record.order = this.#shared.order.next(record.timestamp);
    const lane = this.#lanes[this.#shardOf(record)] as Delivery;
    this.#unplaced--;
    lane.accept();
    lane.push(record);
  }

  async flush(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.flush()));
  }

  stats(): DeliveryStats {
    const stats = this.#lanes.map((lane) => lane.stats());
    const sum = (of: CountName) => stats.reduce((total, one) => total + one[of], 0);
    const dropped: DropCounts = {};
    for (const one of stats) {
      for (const [reason, count] of Object.entries(one.dropped))
        dropped[reason as DropReason] = (dropped[reason as DropReason] ?? 0) + count;
    }
    return {
      accepted: sum('accepted') + this.#unplaced,
      written: sum('written'),
      pending: sum('pending') + this.#unplaced,
      pendingBytes: sum('pendingBytes'),
      spooled: sum('spooled'),
      spooledBytes: sum('spooledBytes'),
      dropped,
      unconfirmed: sum('unconfirmed'),
      retries: sum('retries'),
      recovered: sum('recovered'),
      consoleDropped: consoleDropped(this.#shared.outputs),
    };
  }

  async close(deadlineMs: number): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close(deadlineMs)));
    for (const output of this.#shared.outputs) output.close();
  }

  get #first(): Delivery {
    return this.#lanes[0] as Delivery;
  }

  /** What has neither address nor trace goes to the shards in turn, a while to each, so that batches stay large. */
  #shardOf(record: LogRecord): number {
    const { length } = this.#lanes;
    return shardOfRecord(record, length) ?? Math.abs(Math.floor(record.timestamp / this.#turnMs)) % length;
  }

  #sum(of: (stats: DeliveryStats) => number): number {
    return this.#lanes.reduce((total, lane) => total + of(lane.stats()), 0);
  }
}

type CountName = Exclude<keyof DeliveryStats, 'dropped' | 'sink'>;
