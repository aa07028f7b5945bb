import type { Level } from '@tailrace/schema';

/** The arguments of a request call that have a name in the entry. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
  readonly client_ip: string;
  readonly proxy_hostname: string;
}

/** One log call as it waits in the queue: a snapshot of its arguments, not yet an entry. */
export interface LogRecord {
  readonly kind: 'request' | 'log';
  /** `undefined`: the level follows the request's status. */
  readonly level: Level | undefined;
  /** Epoch milliseconds of the call. */
  readonly timestamp: number;
  /** `undefined`: a request line made of its fields. */
  readonly message: string | undefined;
  /** Kept apart from the fields: putting both into one object would cost more than the rest of the call. */
  readonly line: RequestLine | undefined;
  /** A private copy; names and values are still as the caller gave them. */
  readonly fields: Record<string, unknown>;
  /** Fields of the context the call was made in; the call's own win. Shared with other records: not to be changed. */
  readonly context?: Readonly<Record<string, unknown>> | undefined;
  /** About how many bytes the record holds. */
  readonly bytes: number;
  /** Whether the snapshot had to leave something out. */
  readonly truncated: boolean;
}
