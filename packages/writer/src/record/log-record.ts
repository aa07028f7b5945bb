import type { Level } from '@tailrace/schema';
import { checkedBytes } from './heap-bytes.js';

/*
 * These are classes, and each call makes its own with `new`. Of an object literal whose objects mostly stayed, V8 puts the
 * next ones into its old space right away; those that are dropped soon pile up there.
 */

/** The arguments of a request call that have a name in the entry. */
export class RequestLine {
  readonly method: string;
  readonly path: string;
  readonly client_ip: string;
  readonly proxy_hostname: string;

  constructor(method: string, path: string, clientIp: string, proxyHostname: string) {
    this.method = method;
    this.path = path;
    this.client_ip = clientIp;
    this.proxy_hostname = proxyHostname;
  }
}

/** One log call as it waits in the queue: a snapshot of its arguments, not yet an entry. */
export class LogRecord {
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
  /** Its place among the entries of its millisecond, where that is settled before it is numbered. */
  order?: number | undefined;

  constructor(
    kind: 'request' | 'log',
    level: Level | undefined,
    timestamp: number,
    message: string | undefined,
    line: RequestLine | undefined,
    fields: Record<string, unknown>,
    context: Readonly<Record<string, unknown>> | undefined,
    bytes: number,
    truncated: boolean,
    order?: number,
  ) {
    this.kind = kind;
    this.level = level;
    this.timestamp = timestamp;
    this.message = message;
    this.line = line;
    this.fields = fields;
    this.context = context;
    this.bytes = checkedBytes(bytes);
    this.truncated = truncated;
    this.order = order;
  }
}
