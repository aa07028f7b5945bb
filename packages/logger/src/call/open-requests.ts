import { traceOf } from './call-trace.js';
import type { LogContext } from './context.js';
import type { RequestLine } from './log-record.js';
import type { Snapshot } from './snapshot.js';

/** Requests that may wait for their response. */
const MAX_OPEN = 10_000;
/** After this time a request is logged without its response. */
const MAX_WAIT_MS = 300_000;

/** A request that was logged and not yet answered. */
export interface OpenRequest {
  readonly line: RequestLine;
  readonly snapshot: Snapshot;
  readonly context: LogContext | undefined;
  /** Epoch milliseconds. */
  readonly openedAt: number;
}

/**
 * Joins `log_request` and `log_response` by `trace_id` into one entry. A request that already has its status, or has
 * no `trace_id` to be found by, does not wait. One that waits too long, or one too many, is logged as it is.
 */
export class OpenRequests {
  readonly #give: (opened: OpenRequest) => void;
  readonly #now: () => number;
  /** In the order they were opened. */
  readonly #open = new Map<string, OpenRequest>();

  /** @param give is handed every request that will not be joined any more */
  constructor(give: (opened: OpenRequest) => void, now: () => number) {
    this.#give = give;
    this.#now = now;
  }

  /** @returns whether the request waits now; if not, it is to be logged at once. */
  open(line: RequestLine, snapshot: Snapshot, context: LogContext | undefined): boolean {
    const traceId = traceOf(snapshot.fields, context);
    if (typeof traceId !== 'string' || traceId === '' || snapshot.fields.status_code !== undefined)
      return false;
    this.#expire();
    const before = this.take(traceId);
    if (before !== undefined) this.#give(before);
    this.#open.set(traceId, { line, snapshot, context, openedAt: this.#now() });
    return true;
  }

  /** @returns the request that waits under this `trace_id`; it no longer does. */
  take(traceId: unknown): OpenRequest | undefined {
    const opened = this.#open.get(traceId as string);
    if (opened !== undefined) this.#open.delete(traceId as string);
    return opened;
  }

  /** Logs every request that still waits, without a response. */
  closeAll(): void {
    for (const opened of this.#open.values()) this.#give(opened);
    this.#open.clear();
  }

  #expire(): void {
    const oldest = this.#now() - MAX_WAIT_MS;
    for (const [traceId, opened] of this.#open) {
      if (opened.openedAt > oldest && this.#open.size < MAX_OPEN) return;
      this.#open.delete(traceId);
      this.#give(opened);
    }
  }
}
