import { type Level, levelOfStatus } from '@tailrace/schema';
import {
  isError,
  KeyedHash,
  type LogFields,
  LogRecord,
  lineBytes,
  RateLimitedReports,
  type RequestLine,
  type Snapshot,
  snapshotError,
  snapshotFields,
  textBytes,
} from '@tailrace/writer';
import { CallFilter } from './call/call-filter.js';
import { settleTrace, traceOf } from './call/call-trace.js';
import type { LoggerLevels } from './call/component-levels.js';
import { joinContexts, type LogContext } from './call/context.js';
import { type OpenRequest, OpenRequests } from './call/open-requests.js';
import type { FoldedMessage } from './call/repeat-folding.js';
import { Delivery } from './delivery/delivery.js';
import type { LoggerStats } from './delivery/delivery-counts.js';
import type { RecordDestination } from './delivery/record-destination.js';
import { type LoggerError, type LoggerOptions, resolveOptions } from './logger-options.js';
import { type OAuthActivity, oauthCall } from './oauth/oauth-activity.js';
import { atProcessEnd } from './process-end.js';

/** What closing did. */
export interface CloseResult extends LoggerStats {
  /** Whether nothing is left to be written, in the spool neither, and nothing was lost at the deadline. */
  readonly complete: boolean;
}

/** @default 5000 ms */
const CLOSE_DEADLINE_MS = 5_000;

/**
 * One logger: queue, batcher and writer put together. Its log methods return at once, never throw and do no I/O.
 * Applications use the `log_*` functions, which share one of these.
 */
export class Logger {
  readonly #now: () => number;
  readonly #delivery: RecordDestination;
  readonly #openRequests: OpenRequests;
  readonly #filter: CallFilter;
  readonly #hash: KeyedHash;
  readonly #leaveBeforeExit: () => void;
  readonly #leaveExit: () => void;
  #closing: Promise<CloseResult> | undefined;

  /**
   * @param destination in place of Redis, for a recorder
   * @throws RangeError when an option is wrong: it names the option, its value and what is allowed.
   */
  constructor(options: LoggerOptions, now: () => number = Date.now, destination?: RecordDestination) {
    const resolved = resolveOptions(options);
    const reports = new RateLimitedReports(resolved.onError, now);
    this.#now = now;
    this.#hash = new KeyedHash(resolved.redact.hashKey);
    this.#filter = new CallFilter(resolved, (folded) => this.#enqueueFolded(folded), Math.random);
    this.#openRequests = new OpenRequests(
      (opened) => this.#enqueueOpened(opened),
      now,
      resolved.maxQueueBytes,
    );
    this.#leaveBeforeExit = atProcessEnd('beforeExit', () => this.#filter.tellFolded());
    this.#leaveExit = atProcessEnd('exit', () => {
      this.#filter.tellFolded();
      this.#openRequests.closeAll();
    });
    // Behind these, so that what they give up is still delivered.
    const report = (error: LoggerError) => reports.report(error);
    const applyLevels = (table: Partial<LoggerLevels>) => this.applyRemoteLevels(table);
    this.#delivery = destination ?? new Delivery(resolved, now, report, applyLevels);
  }

  /** A `log:` entry. An Error as message is logged as its message and `error`. */
  log(level: Level, message: unknown, fields: LogFields = NO_FIELDS): void {
    if (!this.#filter.passes(level, fields)) return;
    if (this.#isTurnedAway(level)) return;
    try {
      const isText = typeof message === 'string';
      const snapshot = isText ? snapshotFields(fields) : snapshotWith(message, fields);
      const text = isText ? message : messageOf(message);
      this.#enqueue('log', level, text, undefined, snapshot, settleTrace(snapshot.fields));
    } catch {
      this.#delivery.unreadable();
    }
  }

  /** A `log:` entry about something that happened; `data` is its data. */
  event(event: unknown, data?: LogFields, fields: LogFields = NO_FIELDS): void {
    if (!this.#filter.passes('INFO', fields)) return;
    this.log('INFO', event, { ...snapshotFields(fields).fields, event, data });
  }

  /** A `log:` entry about a step of an OAuth flow. */
  oauth(step: string, activity: OAuthActivity): void {
    try {
      const { level, message, fields } = oauthCall(step, activity, (kind, value) =>
        this.hashSecret(kind, value),
      );
      this.log(level, message, fields);
    } catch {
      this.#delivery.unreadable();
    }
  }

  /** What is stored in place of a secret that entries are matched by. */
  hashSecret(kind: string, value: string): string {
    return this.#hash.of(kind, value);
  }

  /** A `req:` entry, complete or waiting for {@link Logger.response} under its `trace_id`. */
  request(line: RequestLine, fields: LogFields = NO_FIELDS): void {
    try {
      const { status_code: status, level } = fields;
      if (typeof status === 'number' && level === undefined && this.#isTurnedAway(levelOfStatus(status)))
        return;
      const snapshot = snapshotFields(fields);
      const context = settleTrace(snapshot.fields);
      const copy = copyLine(line);
      if (this.#openRequests.open(copy, snapshot, context)) this.#delivery.accept();
      else this.#enqueue('request', undefined, undefined, copy, snapshot, context);
    } catch {
      this.#delivery.unreadable();
    }
  }

  /** Completes the request of that `trace_id`; without one it becomes an entry of its own. */
  response(statusCode: number, responseTimeMs: number, fields: LogFields = NO_FIELDS): void {
    try {
      const own = { status_code: statusCode, response_time_ms: responseTimeMs };
      const response = snapshotFields({ ...own, ...snapshotFields(fields).fields });
      const context = settleTrace(response.fields);
      const opened = this.#openRequests.take(traceOf(response.fields, context));
      if (opened === undefined) this.#enqueue('request', undefined, undefined, undefined, response, context);
      else this.#enqueueOpened(opened, response, context);
    } catch {
      this.#delivery.unreadable();
    }
  }

  /** Resolves when all that was logged until now is written, or dropped and counted. Waits as long as Redis is away. */
  flush(): Promise<void> {
    this.#filter.tellFolded();
    return this.#delivery.flush();
  }

  stats(): LoggerStats {
    const { sampled, folded } = this.#filter;
    return { ...this.#delivery.stats(), sampled, folded };
  }

  /**
   * Sets the level of a component and those below it, or of all that have none of their own. `undefined` goes back to
   * what was configured.
   *
   * @throws RangeError when level or component is none.
   */
  setLevel(level: Level | undefined, component?: string): void {
    this.#filter.levels.set(level, component);
  }

  /** The levels in force now. */
  getLevels(): LoggerLevels {
    return this.#filter.levels.table();
  }

  /**
   * Lays levels from elsewhere over the own ones, in place of those before; each hides the own level of the same
   * component. `{}` takes them away.
   *
   * @throws RangeError when something in the table is wrong; then those before stay.
   */
  applyRemoteLevels(table: Partial<LoggerLevels>): void {
    this.#filter.levels.setRemote(table);
  }

  /** Writes what waits, for at most `deadlineMs` milliseconds, and ends the connection. Later calls are dropped and counted. */
  close(deadlineMs: number = CLOSE_DEADLINE_MS): Promise<CloseResult> {
    this.#closing ??= this.#close(deadlineMs);
    return this.#closing;
  }

  async #close(deadlineMs: number): Promise<CloseResult> {
    this.#leaveBeforeExit();
    this.#openRequests.closeAll();
    this.#filter.close();
    await this.#delivery.close(deadlineMs);
    this.#leaveExit();
    const stats = this.stats();
    const lost = stats.dropped.exit ?? 0;
    return { ...stats, complete: stats.pending + stats.spooled + lost === 0 };
  }

  /** Asked before anything is copied. */
  #isTurnedAway(level: Level): boolean {
    return this.#filter.keepsAll(level) && this.#delivery.turnsAway(level);
  }

  #enqueue(
    kind: 'request' | 'log',
    level: Level | undefined,
    message: string | undefined,
    line: RequestLine | undefined,
    snapshot: Snapshot,
    context: LogContext | undefined,
  ): void {
    const record = new LogRecord(
      kind,
      level,
      this.#now(),
      message,
      line,
      snapshot.fields,
      context?.fields,
      snapshot.bytes + (context?.bytes ?? 0) + textBytes(message) + lineBytes(line),
      snapshot.truncated || context?.truncated === true,
    );
    if (this.#closing === undefined && !this.#filter.keeps(record)) return;
    this.#delivery.accept();
    this.#delivery.push(record);
  }

  /** A request that waited for its response; it was counted when it was opened. */
  #enqueueOpened(opened: OpenRequest, response?: Snapshot, responseContext?: LogContext): void {
    const { line, snapshot, openedAt } = opened;
    const context = joinContexts(opened.context, responseContext);
    const record = new LogRecord(
      'request',
      undefined,
      openedAt,
      undefined,
      line,
      { ...snapshot.fields, ...response?.fields },
      context?.fields,
      snapshot.bytes + (response?.bytes ?? 0) + (context?.bytes ?? 0) + lineBytes(line),
      snapshot.truncated || response?.truncated === true || context?.truncated === true,
    );
    if (this.#filter.keeps(record)) this.#delivery.push(record);
    else this.#delivery.withdraw();
  }

  /** Stands for the calls that were folded; no filter looks at it again. */
  #enqueueFolded({ component, level, message, count, firstAt, lastAt }: FoldedMessage): void {
    const data = { folded: count, first_at: timeText(firstAt), last_at: timeText(lastAt) };
    const { fields, bytes, truncated } = snapshotFields({ component, data });
    this.#delivery.accept();
    const all = bytes + textBytes(message);
    this.#delivery.push(
      new LogRecord('log', level, this.#now(), message, undefined, fields, undefined, all, truncated),
    );
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

function timeText(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
