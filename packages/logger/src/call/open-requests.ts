import { checkedBytes, lineBytes, NODE_BYTES, type RequestLine, type Snapshot } from '@tailrace/writer';
import { traceOf } from './call-trace.js';
import type { LogContext } from './context.js';

/** Requests that may wait for their response. */
const MAX_OPEN = 10_000;
/** Bytes they may have, as a share of those of the queue and beside it. */
const QUEUE_SHARE = 1 / 8;
/** After this time a request is logged without its response. */
const MAX_WAIT_MS = 300_000;

/** Its place among those that wait. */
const PLACE_BYTES = 2 * NODE_BYTES;

/** A request that was logged and not yet answered. */
export interface OpenRequest {
  /** `undefined`: it is among the fields. */
  readonly line: RequestLine | undefined;
  readonly snapshot: Snapshot;
  readonly context: LogContext | undefined;
  /** Epoch milliseconds. */
  readonly openedAt: number;
  /** About how many bytes it holds. */
  readonly bytes: number;
}

/**
 * Joins `log_request` and `log_response` by `trace_id` into one entry. A request that already has its status, has no
 * `trace_id` to be found by, or is larger than all that may wait, does not wait. One that waits too long, and the oldest
 * when there is no room, is logged as it is.
 */
export class OpenRequests {
  readonly #give: (opened: OpenRequest) => void;
  readonly #now: () => number;
  readonly #maxBytes: number;
  /** In the order they were opened. */
  readonly #open = new Map<string, OpenRequest>();
  #bytes = 0;

  /**
   * @param give is handed every request that will not be joined any more
   * @param maxQueueBytes bytes the queue may hold; requests that wait may hold an eighth of it
   */
  constructor(give: (opened: OpenRequest) => void, now: () => number, maxQueueBytes: number) {
    this.#give = give;
    this.#now = now;
    this.#maxBytes = maxQueueBytes * QUEUE_SHARE;
  }

  /** @returns whether the request waits now; if not, it is to be logged at once. */
  open(line: RequestLine | undefined, snapshot: Snapshot, context: LogContext | undefined): boolean {
    const traceId = traceOf(snapshot.fields, context);
    if (traceId === undefined || snapshot.fields.status_code !== undefined) return false;
    const before = this.take(traceId);
    if (before !== undefined) this.#give(before);
    const bytes = checkedBytes(PLACE_BYTES + snapshot.bytes + (context?.bytes ?? 0) + lineBytes(line));
    if (bytes > this.#maxBytes) return false;
    this.#makeRoom(bytes);
    this.#open.set(traceId, { line, snapshot, context, openedAt: this.#now(), bytes });
    this.#bytes += bytes;
    return true;
  }

  /** @returns the request that waits under this `trace_id`; it no longer does. */
  take(traceId: string | undefined): OpenRequest | undefined {
    const opened = traceId === undefined ? undefined : this.#open.get(traceId);
    if (traceId === undefined || opened === undefined) return undefined;
    this.#open.delete(traceId);
    this.#bytes -= opened.bytes;
    return opened;
  }

  /** Logs every request that still waits, without a response. */
  closeAll(): void {
    for (const opened of this.#open.values()) this.#give(opened);
    this.#open.clear();
    this.#bytes = 0;
  }

  /** Logs those that have waited for too long, and as many more of the oldest as it takes. */
  #makeRoom(bytes: number): void {
    const oldest = this.#now() - MAX_WAIT_MS;
    for (const [traceId, opened] of this.#open) {
      const hasRoom = this.#open.size < MAX_OPEN && this.#bytes + bytes <= this.#maxBytes;
      if (opened.openedAt > oldest && hasRoom) return;
      this.take(traceId);
      this.#give(opened);
    }
  }
}
