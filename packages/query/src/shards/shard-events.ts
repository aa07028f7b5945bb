import { compareStreamIds } from '../tail/stream-entry.js';
import type { EntryEvent, TailEvent } from '../tail/tail-event.js';

/** An event of one shard that waits for its turn. */
export interface WaitingEvent {
  readonly event: TailEvent;
  /** By `performance.now()`. */
  readonly arrivedAt: number;
}

/** Events of all shards in one order: by the time they were stored, by order, by shard. */
export class ShardEvents {
  readonly #queues: readonly WaitingEvent[][];
  readonly #holdMs: number;
  /** Of the entries of each shard that wait, in UTF-16 code units of their JSON. */
  readonly #sizes: number[];

  /** @param holdMs how long an event waits for older ones of other shards */
  constructor(shards: number, holdMs: number) {
    this.#queues = Array.from({ length: shards }, () => []);
    this.#holdMs = holdMs;
    this.#sizes = this.#queues.map(() => 0);
  }

  /** How many events of a shard wait. */
  waiting(shard: number): number {
    return (this.#queues[shard] as WaitingEvent[]).length;
  }

  /** How large the entries of a shard are that wait. */
  size(shard: number): number {
    return this.#sizes[shard] as number;
  }

  add(shard: number, events: readonly TailEvent[], arrivedAt: number): void {
    for (const event of events) {
      (this.#queues[shard] as WaitingEvent[]).push({ event, arrivedAt });
      this.#grow(shard, sizeOf(event));
    }
  }

  /**
   * Takes the next event when it is sure, or when it has waited long enough. What is no entry waits for nobody.
   *
   * @param now by `performance.now()`
   */
  next(now: number): { readonly shard: number; readonly event: TailEvent } | undefined {
    let first: { readonly shard: number; readonly event: EntryEvent; readonly arrivedAt: number } | undefined;
    let hasSilent = false;
    for (const [shard, [head]] of this.#queues.entries()) {
      if (head === undefined) hasSilent = true;
      else if (head.event.type !== 'entry') return this.#take(shard);
      else if (first === undefined || isBefore(head.event, first.event))
        first = { shard, event: head.event, arrivedAt: head.arrivedAt };
    }
    if (first === undefined) return undefined;
    const isHeld = hasSilent && now - first.arrivedAt < this.#holdMs;
    return isHeld ? undefined : this.#take(first.shard);
  }

  /** Milliseconds until {@link next} has an event at the latest; `undefined` when none waits. */
  dueIn(now: number): number | undefined {
    const arrivals = this.#queues.flatMap((queue) => queue[0]?.arrivedAt ?? []);
    return arrivals.length === 0 ? undefined : Math.max(0, Math.min(...arrivals) + this.#holdMs - now);
  }

  #take(shard: number): { readonly shard: number; readonly event: TailEvent } {
    const { event } = (this.#queues[shard] as WaitingEvent[]).shift() as WaitingEvent;
    this.#grow(shard, -sizeOf(event));
    return { shard, event };
  }

  #grow(shard: number, by: number): void {
    this.#sizes[shard] = (this.#sizes[shard] as number) + by;
  }
}

function sizeOf(event: TailEvent): number {
  return event.type === 'entry' ? event.size : 0;
}

/** Of one millisecond by their order, which a process counts over all shards. */
function isBefore(a: EntryEvent, b: EntryEvent): boolean {
  const [aTime] = a.streamId.split('-');
  const [bTime] = b.streamId.split('-');
  if (aTime !== bTime) return compareStreamIds(a.streamId, b.streamId) < 0;
  return a.entry.timestamp === b.entry.timestamp && (a.entry.order ?? 0) < (b.entry.order ?? 0);
}
