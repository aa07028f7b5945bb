import type { LogRecord } from '@tailrace/writer';
import type { DeliveryStats, RecordDestination } from './record-destination.js';

/** Delivers to Redis and to a sink beside it. Each has bounds of its own, and neither waits for the other. */
export class TwinDelivery implements RecordDestination {
  readonly #redis: RecordDestination;
  readonly #sink: RecordDestination;

  constructor(redis: RecordDestination, sink: RecordDestination) {
    this.#redis = redis;
    this.#sink = sink;
  }

  accept(): void {
    this.#redis.accept();
    this.#sink.accept();
  }

  withdraw(): void {
    this.#redis.withdraw();
    this.#sink.withdraw();
  }

  /** One may have room where the other has none: each drops and counts what it cannot take. */
  turnsAway(): boolean {
    return false;
  }

  unreadable(): void {
    this.#redis.unreadable();
    this.#sink.unreadable();
  }

  push(record: LogRecord): void {
    this.#redis.push(record);
    this.#sink.push(record);
  }

  async flush(): Promise<void> {
    await Promise.all([this.#redis.flush(), this.#sink.flush()]);
  }

  stats(): DeliveryStats {
    return { ...this.#redis.stats(), sink: this.#sink.stats() };
  }

  async close(deadlineMs: number): Promise<void> {
    await Promise.all([this.#redis.close(deadlineMs), this.#sink.close(deadlineMs)]);
  }
}
