import { LEVELS, type Level } from '@tailrace/schema';
import { Batcher } from './batcher.js';
import { DeliveryCounts, type LoggerStats } from './delivery-counts.js';
import { EntryQueue } from './entry-queue.js';
import type { LogRecord, RequestLine } from './log-record.js';
import {
  type LoggerError,
  type LoggerOptions,
  type ResolvedOptions,
  resolveOptions,
} from './logger-options.js';
import { type OpenRequest, OpenRequests } from './open-requests.js';
import { RateLimitedReports } from './rate-limited-reports.js';
import { RedisWriter } from './redis-writer.js';
import { type LogFields, type Snapshot, snapshotFields } from './snapshot.js';
import { isError, snapshotError } from './snapshot-error.js';

/** What closing did. */
export interface CloseResult extends LoggerStats {
  /** Whether everything accepted was settled before the deadline. */
  readonly complete: boolean;
}

/** @default 5000 ms */
const CLOSE_DEADLINE_MS = 5_000;

/**
 * One logger: queue, batcher and writer put together. Its log methods return at once, never throw and do no I/O.
 * Applications use the `log_*` functions, which share one of these.
 */
export class Logger {
  readonly #options: ResolvedOptions;
  readonly #now: () => number;
  readonly #queue: EntryQueue;
  readonly #counts = new DeliveryCounts();
  readonly #batcher: Batcher;
  readonly #writer: RedisWriter;
  readonly #openRequests: OpenRequests;
  readonly #report: (error: LoggerError) => void;
  readonly #minLevel: number;
  readonly #beforeExit = () => void this.flush();
  #closing: Promise<CloseResult> | undefined;

  /** @throws RangeError when an option is wrong: it names the option, its value and what is allowed. */
  constructor(options: LoggerOptions, now: () => number = Date.now) {
    this.#options = resolveOptions(options);
    this.#now = now;
    const reports = new RateLimitedReports(this.#options.onError, now);
    this.#report = (error) => reports.report(error);
    this.#minLevel = LEVELS[this.#options.level];
    this.#queue = new EntryQueue({
      maxEntries: this.#options.maxQueueEntries,
      maxBytes: this.#options.maxQueueBytes,
    });
    this.#writer = new RedisWriter(this.#options, now, this.#report);
    this.#batcher = new Batcher(this.#queue, this.#writer, this.#counts, this.#options, now);
    this.#openRequests = new OpenRequests((opened) => this.#enqueueOpened(opened), now);
    process.once('beforeExit', this.#beforeExit);
  }

  /** A `log:` entry. An Error as message is logged as its message and `error`. */
  log(level: Level, message: unknown, fields: LogFields = NO_FIELDS): void {
    if (LEVELS[level] < this.#minLevel) return;
    try {
      if (typeof message === 'string')
        this.#enqueue('log', level, message, undefined, snapshotFields(fields));
      else this.#enqueue('log', level, messageOf(message), undefined, snapshotWith(message, fields));
    } catch {
      this.#unreadable();
    }
  }

  /** A `log:` entry about something that happened; `data` is its data. */
  event(event: unknown, data?: LogFields, fields: LogFields = NO_FIELDS): void {
    this.log('INFO', event, { ...snapshotFields(fields).fields, event, data });
  }

  /** A `req:` entry, complete or waiting for {@link Logger.response} under its `trace_id`. */
  request(line: RequestLine, fields: LogFields = NO_FIELDS): void {
    try {
      const snapshot = snapshotFields(fields);
      const copy = copyLine(line);
      if (this.#openRequests.open(copy, snapshot)) this.#counts.accepted++;
      else this.#enqueue('request', undefined, undefined, copy, snapshot);
    } catch {
      this.#unreadable();
    }
  }

  /** Completes the request of that `trace_id`; without one it becomes an entry of its own. */
  response(statusCode: number, responseTimeMs: number, fields: LogFields = NO_FIELDS): void {
    try {
      const own = { status_code: statusCode, response_time_ms: responseTimeMs };
      const response = snapshotFields({ ...own, ...snapshotFields(fields).fields });
      const opened = this.#openRequests.take(response.fields.trace_id);
      if (opened === undefined) this.#enqueue('request', undefined, undefined, undefined, response);
      else this.#enqueueOpened(opened, response);
    } catch {
      this.#unreadable();
    }
  }

  /** Resolves when all that was logged until now is written, or dropped and counted. Waits as long as Redis is away. */
  flush(): Promise<void> {
    return this.#batcher.flush();
  }

  stats(): LoggerStats {
    return this.#counts.stats(this.#queue.bytes);
  }

  /** Writes what waits, for at most `deadlineMs` milliseconds, and ends the connection. Later calls are dropped and counted. */
  close(deadlineMs: number = CLOSE_DEADLINE_MS): Promise<CloseResult> {
    this.#closing ??= this.#close(deadlineMs);
    return this.#closing;
  }

  async #close(deadlineMs: number): Promise<CloseResult> {
    process.off('beforeExit', this.#beforeExit);
    this.#openRequests.closeAll();
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, deadlineMs);
    });
    await Promise.race([this.#batcher.flush(), deadline]);
    clearTimeout(timer);
    this.#batcher.stop();
    this.#writer.close();
    const stats = this.stats();
    return { ...stats, complete: stats.pending === 0 };
  }

  #enqueue(
    kind: 'request' | 'log',
    level: Level | undefined,
    message: string | undefined,
    line: RequestLine | undefined,
    snapshot: Snapshot,
  ): void {
    this.#counts.accepted++;
    this.#push({
      kind,
      level,
      timestamp: this.#now(),
      message,
      line,
      fields: snapshot.fields,
      bytes: message === undefined ? snapshot.bytes : snapshot.bytes + message.length,
      truncated: snapshot.truncated,
    });
  }

  /** A request that waited for its response; it was counted when it was opened. */
  #enqueueOpened({ line, snapshot, openedAt }: OpenRequest, response?: Snapshot): void {
    this.#push({
      kind: 'request',
      level: undefined,
      timestamp: openedAt,
      message: undefined,
      line,
      fields: { ...snapshot.fields, ...response?.fields },
      bytes: snapshot.bytes + (response?.bytes ?? 0),
      truncated: snapshot.truncated || response?.truncated === true,
    });
  }

  #push(record: LogRecord): void {
    if (this.#closing !== undefined) {
      this.#counts.drop('closed', 1);
    } else if (this.#queue.push(record)) {
      this.#batcher.added();
    } else {
      this.#counts.drop('queue_full', 1);
      this.#report({ code: 'queue_full', message: 'the queue is full, entries are dropped and counted' });
    }
  }

  /** Something given threw at every attempt to read it. */
  #unreadable(): void {
    this.#counts.accepted++;
    this.#counts.drop('unreadable', 1);
  }
}

function snapshotWith(message: unknown, fields: LogFields): Snapshot {
  if (!isError(message)) return snapshotFields(fields);
  return snapshotFields({ error: snapshotError(message), ...snapshotFields(fields).fields });
}

/** Texts need no copy; what a caller without types gives instead is copied like any field. */
function copyLine(line: RequestLine): RequestLine {
  const { method, path, client_ip, proxy_hostname } = line;
  const isText =
    typeof method === 'string' &&
    typeof path === 'string' &&
    typeof client_ip === 'string' &&
    typeof proxy_hostname === 'string';
  return isText ? line : (snapshotFields({ ...line }).fields as unknown as RequestLine);
}

const NO_FIELDS: LogFields = {};
const MAX_MESSAGE = 65_536;

function messageOf(message: unknown): string {
  try {
    const text = message instanceof Error ? message.message : String(message);
    return text.length > MAX_MESSAGE ? text.slice(0, MAX_MESSAGE) : text;
  } catch {
    return '[Unreadable]';
  }
}
