import { type Level, type LevelName, levelOfStatus } from '@tailrace/schema';
import {
  adoptCamelCase,
  isError,
  KeyedHash,
  type LogFields,
  LogRecord,
  lineBytes,
  RateLimitedReports,
  type RequestLine,
  type Snapshot,
  snapshotFields,
  textBytes,
} from '@tailrace/writer';
import { CallFilter } from './call/call-filter.js';
import { boundMessage, type CallMessage, joinSnapshots, readMessage } from './call/call-message.js';
import { settleTrace, traceOf } from './call/call-trace.js';
import { componentHolder } from './call/component-holder.js';
import type { LoggerLevels } from './call/component-levels.js';
import { joinContexts, type LogContext } from './call/context.js';
import { foldedRecord } from './call/folded-record.js';
import { type OpenRequest, OpenRequests } from './call/open-requests.js';
import { isPlainLine } from './call/plain-line.js';
import type { FoldedMessage } from './call/repeat-folding.js';
import { CLOSE_DEADLINE_MS, timerMs } from './close-deadline.js';
import { createDelivery } from './delivery/create-delivery.js';
import type { LoggerStats } from './delivery/delivery-counts.js';
import { isComplete, type RecordDestination } from './delivery/record-destination.js';
import { type LoggerError, type LoggerOptions, resolveOptions } from './logger-options.js';
import { activityOf, oauthCall } from './oauth/oauth-activity.js';
import { onProcessEnd } from './process-end.js';

/** What closing did. */
export interface CloseResult extends LoggerStats {
  /** Whether nothing is left to be written, in the spool neither, and nothing was lost at the deadline. */
  readonly complete: boolean;
}

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
  readonly #forgetEnd: () => void;
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
    this.#forgetEnd = onProcessEnd({
      beforeExit: () => this.#filter.tellFolded(),
      exit: () => {
        this.#filter.tellFolded();
        this.#openRequests.closeAll();
      },
    });
    // Behind these, so that what they give up is still delivered.
    const report = (error: LoggerError) => reports.report(error);
    const applyLevels = (table: Partial<LoggerLevels>) => this.applyRemoteLevels(table);
    this.#delivery = destination ?? createDelivery({ options: resolved, now, report, applyLevels });
  }

  /**
   * A `log:` entry. An Error as message is logged as its message and `error`, another object as its message and `data`.
   * An Error in place of the fields is their `error`.
   *
   * @param bound fields that no call can change
   */
  log(level: Level, message: unknown, fields: unknown = NO_FIELDS, bound?: Snapshot): void {
    if (!this.#filter.passes(level, componentHolder(fields, bound))) return;
    if (this.#isTurnedAway(level)) return;
    try {
      const snapshot = joinSnapshots(snapshotFields(fields), bound);
      if (typeof message === 'string') this.#log(level, boundMessage(message), snapshot);
      else this.#logRead(level, readMessage(message), snapshot);
    } catch {
      this.#delivery.unreadable();
    }
  }

  /** A `log:` entry about something that happened; `data` is its data. An Error in their place is its `error`. */
  event(event: unknown, data?: unknown, fields: unknown = NO_FIELDS, bound?: Snapshot): void {
    if (!this.#filter.passes('INFO', componentHolder(fields, bound))) return;
    if (this.#isTurnedAway('INFO')) return;
    try {
      const own = snapshotFields(isError(data) ? { error: data, event } : { event, data });
      const snapshot = joinSnapshots(joinSnapshots(snapshotFields(fields), own), bound);
      if (typeof event === 'string') this.#log('INFO', boundMessage(event), snapshot);
      else this.#logRead('INFO', readMessage(event), snapshot);
    } catch {
      this.#delivery.unreadable();
    }
  }

  /** A `log:` entry about a step of an OAuth flow. */
  oauth(step: unknown, activity: unknown, bound?: Snapshot): void {
    try {
      const { level, message, fields } = oauthCall(step, activity, (kind, value) =>
        this.hashSecret(kind, value),
      );
      this.log(level, message, fields, bound);
    } catch {
      this.#delivery.unreadable();
    }
  }

  /** A step of the flow of that name. */
  flow(flow: unknown, step: unknown, activity: unknown, bound?: Snapshot): void {
    this.oauth(step, { ...activityOf(activity), flow }, bound);
  }

  /** What is stored in place of a secret that entries are matched by. */
  hashSecret(kind: string, value: string): string {
    return this.#hash.of(kind, value);
  }

  /**
   * A `req:` entry, complete or waiting for {@link Logger.response} under its `trace_id`.
   *
   * @param line `undefined`: it is among the fields
   */
  request(line: RequestLine | undefined, fields: unknown = NO_FIELDS, bound?: Snapshot): void {
    try {
      if (this.#isRequestTurnedAway(fields)) return;
      const copy = line !== undefined && isPlainLine(line) ? line : undefined;
      const own = snapshotFields(fields);
      const told = copy === line ? own : joinSnapshots(snapshotFields({ ...line }), own);
      const snapshot = joinSnapshots(told, bound);
      if (snapshot.fields.statusCode !== undefined) adoptCamelCase(snapshot.fields);
      const context = settleTrace(snapshot.fields);
      if (this.#openRequests.open(copy, snapshot, context)) this.#delivery.accept();
      else this.#enqueue('request', undefined, undefined, copy, snapshot, context);
    } catch {
      this.#delivery.unreadable();
    }
  }

  /** Completes the request of that `trace_id`; without one it becomes an entry of its own. */
  response(
    statusCode: unknown,
    responseTimeMs: unknown,
    fields: unknown = NO_FIELDS,
    bound?: Snapshot,
  ): void {
    try {
      const own = snapshotFields({ status_code: statusCode, response_time_ms: responseTimeMs });
      const response = joinSnapshots(joinSnapshots(own, snapshotFields(fields)), bound);
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
  setLevel(level: LevelName | undefined, component?: string): void {
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
    this.#closing ??= this.#close(timerMs(deadlineMs));
    return this.#closing;
  }

  async #close(deadlineMs: number): Promise<CloseResult> {
    this.#openRequests.closeAll();
    this.#filter.close();
    await this.#delivery.close(deadlineMs);
    this.#forgetEnd();
    const stats = this.stats();
    return { ...stats, complete: isComplete(stats) && (stats.sink === undefined || isComplete(stats.sink)) };
  }

  #log(level: Level, message: string, snapshot: Snapshot): void {
    this.#enqueue('log', level, message, undefined, snapshot, settleTrace(snapshot.fields));
  }

  /** What the message itself holds gives way to the fields. */
  #logRead(level: Level, { text, snapshot: read }: CallMessage, own: Snapshot): void {
    this.#log(level, text, read === undefined ? own : joinSnapshots(read, own));
  }

  /** Only a request that says its status is known to be of no use before it is copied. */
  #isRequestTurnedAway(fields: unknown): boolean {
    try {
      const { status_code: status, level } = fields as Readonly<Record<string, unknown>>;
      return typeof status === 'number' && level === undefined && this.#isTurnedAway(levelOfStatus(status));
    } catch {
      // What cannot be read here is told in the entry.
      return false;
    }
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

  /** No filter looks at it again. */
  #enqueueFolded(folded: FoldedMessage): void {
    this.#delivery.accept();
    this.#delivery.push(foldedRecord(folded, this.#now()));
  }
}

const NO_FIELDS: LogFields = {};
