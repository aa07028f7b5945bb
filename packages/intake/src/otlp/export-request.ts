import { checkEntry } from '../check-entry.js';
import type { ReadContext } from '../format.js';
import { parseExactJson } from '../json/exact-json.js';
import { isRecord, type JsonRecord } from '../json/json-record.js';
import type { IntakeEntry, Reason } from '../parsed-line.js';
import { UTC } from '../values/time-zone.js';
import {
  LOG_RECORD,
  LOG_RECORDS_OF_SCOPE_LOGS,
  RESOURCE,
  RESOURCE_LOGS_OF_REQUEST,
  RESOURCE_OF_RESOURCE_LOGS,
  SCOPE,
  SCOPE_LOGS_OF_RESOURCE_LOGS,
  SCOPE_OF_SCOPE_LOGS,
} from './log-messages.js';
import { type LogSurroundings, readLogRecord, readResource, withScope } from './log-record.js';
import { listOf } from './otlp-value.js';
import { checkMessage, type MessageTable, readMessage, WireError, wireFields } from './wire-reader.js';

/** Log records one request may bring; a collector's batches have 8,192 by default. */
export const MAX_OTLP_RECORDS = 50_000;
/** Values of one record, resource or scope, those within others too. */
const MAX_VALUES = 20_000;
const MAX_DEPTH = 64;
/** Every entry repeats its resource and scope: without a bound a small body would become a large store. */
const MAX_REPEATED_CHARACTERS = 100_000_000;

/** A body that is no ExportLogsServiceRequest, or goes past a bound. The message goes on from "the body". */
export class OtlpError extends Error {
  override readonly name = 'OtlpError';
}

/** What became of one log record. */
export type OtlpOutcome = { readonly entry: IntakeEntry } | { readonly refused: Reason };

/** The log records of one request, known to be whole. */
export interface OtlpLogs {
  /** How many records there are. */
  readonly count: number;
  /** Reads them in their order, each when it is asked for. */
  outcomes(): Iterable<OtlpOutcome>;
}

/**
 * Reads an ExportLogsServiceRequest. All of it is checked here; its entries are made one by one.
 *
 * @param now epoch milliseconds, the time of records that have none
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp-request
 * @throws OtlpError when the body is not one.
 */
export function readOtlpLogs(body: Buffer, encoding: 'json' | 'protobuf', now: number): OtlpLogs {
  const records = encoding === 'json' ? jsonRecords(body) : protobufRecords(body);
  let count = 0;
  let repeated = 0;
  for (const { surroundings } of records()) {
    count += 1;
    repeated += surroundings.size;
    if (repeated > MAX_REPEATED_CHARACTERS) {
      const allowed = `${MAX_REPEATED_CHARACTERS} characters of JSON, counted once for each log record`;
      throw new OtlpError(`has too large resource and scope attributes; allowed: ${allowed}`);
    }
    if (count > MAX_OTLP_RECORDS) {
      throw new OtlpError(`has more than ${MAX_OTLP_RECORDS} log records; allowed: ${MAX_OTLP_RECORDS}`);
    }
  }
  const context: ReadContext = { zone: UTC, now, isCompose: false, w3c: { fields: [], date: undefined } };
  return {
    count,
    *outcomes() {
      for (const { log, surroundings } of records()) yield outcomeOf(log(), surroundings, context, now);
    },
  };
}

function outcomeOf(
  log: unknown,
  surroundings: LogSurroundings,
  context: ReadContext,
  now: number,
): OtlpOutcome {
  const parsed = readLogRecord(log, surroundings, context, now);
  return 'refused' in parsed ? parsed : { entry: checkEntry(parsed.entry) };
}

/** A record with what it stands in; the record is made when it is asked for. */
interface LazyRecord {
  readonly log: () => unknown;
  readonly surroundings: LogSurroundings;
}

function jsonRecords(body: Buffer): () => Iterable<LazyRecord> {
  let request: unknown;
  try {
    request = parseExactJson(body.toString());
  } catch (error) {
    throw new OtlpError(`is no JSON: ${(error as Error).message.replace(/[^ -~]/g, '?')}`);
  }
  if (!isRecord(request)) throw new OtlpError('is no ExportLogsServiceRequest; allowed: a JSON object');
  const record = request;
  checkShape(record);
  return function* () {
    for (const { log, surroundings } of recordsOf(record)) yield { log: () => log, surroundings };
  };
}

/** A list that is none would be entries lost without a word. */
function checkShape(request: JsonRecord): void {
  const lists = (holder: unknown, place: string, name: string): readonly unknown[] => {
    if (!isRecord(holder)) throw new OtlpError(`has ${place} that is no object`);
    const list = holder[name] ?? [];
    if (!Array.isArray(list)) throw new OtlpError(`has ${name} that is no array`);
    return list;
  };
  for (const resourceLogs of lists(request, 'a request', 'resourceLogs')) {
    for (const scopeLogs of lists(resourceLogs, 'an item of resourceLogs', 'scopeLogs')) {
      lists(scopeLogs, 'an item of scopeLogs', 'logRecords');
    }
  }
}

/** The log records of an ExportLogsServiceRequest in JSON; what is no list has none. */
export function* recordsOf(
  request: JsonRecord,
): Iterable<{ readonly log: unknown; readonly surroundings: LogSurroundings }> {
  for (const resourceLogs of listOf(request.resourceLogs)) {
    if (!isRecord(resourceLogs)) continue;
    const resource = readResource(resourceLogs.resource);
    for (const scopeLogs of listOf(resourceLogs.scopeLogs ?? resourceLogs.instrumentationLibraryLogs)) {
      if (!isRecord(scopeLogs)) continue;
      const surroundings = withScope(resource, scopeLogs.scope);
      for (const log of listOf(scopeLogs.logRecords)) yield { log, surroundings };
    }
  }
}

function protobufRecords(body: Buffer): () => Iterable<LazyRecord> {
  try {
    for (const resourceLogs of messages(body, RESOURCE_LOGS_OF_REQUEST)) {
      checkPart(messages(resourceLogs, RESOURCE_OF_RESOURCE_LOGS), RESOURCE);
      for (const scopeLogs of messages(resourceLogs, SCOPE_LOGS_OF_RESOURCE_LOGS)) {
        checkPart(messages(scopeLogs, SCOPE_OF_SCOPE_LOGS), SCOPE);
        checkPart(messages(scopeLogs, LOG_RECORDS_OF_SCOPE_LOGS), LOG_RECORD);
      }
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new OtlpError(`is no ExportLogsServiceRequest: it ${error.message}`);
  }
  return function* () {
    for (const resourceLogs of messages(body, RESOURCE_LOGS_OF_REQUEST)) {
      const resource = readResource(lastOf(messages(resourceLogs, RESOURCE_OF_RESOURCE_LOGS), RESOURCE));
      for (const scopeLogs of messages(resourceLogs, SCOPE_LOGS_OF_RESOURCE_LOGS)) {
        const scope = lastOf(messages(scopeLogs, SCOPE_OF_SCOPE_LOGS), SCOPE);
        const surroundings = withScope(resource, scope);
        for (const log of messages(scopeLogs, LOG_RECORDS_OF_SCOPE_LOGS)) {
          yield { log: () => readMessage(log, LOG_RECORD), surroundings };
        }
      }
    }
  };
}

function checkPart(parts: Iterable<Buffer>, table: MessageTable): void {
  for (const part of parts) checkMessage(part, table, { values: MAX_VALUES, maxDepth: MAX_DEPTH });
}

function lastOf(parts: Iterable<Buffer>, table: MessageTable): Record<string, unknown> | undefined {
  let last: Buffer | undefined;
  for (const part of parts) last = part;
  return last && readMessage(last, table);
}

/** The messages in a field of a message. */
function* messages(holder: Buffer, wanted: number): Iterable<Buffer> {
  for (const { number, type, bytes } of wireFields(holder)) {
    if (number !== wanted) continue;
    if (type !== LENGTH_DELIMITED)
      throw new WireError(`has field ${number} as wire type ${type}; allowed: 2`);
    yield bytes;
  }
}

const LENGTH_DELIMITED = 2;
