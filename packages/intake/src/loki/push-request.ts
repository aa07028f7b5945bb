import { checkEntry } from '../check-entry.js';
import { parseExactJson } from '../json/exact-json.js';
import { isRecord } from '../json/json-record.js';
import { checkMessage, type MessageTable, readMessage, WireError, wireFields } from '../otlp/wire-reader.js';
import type { IntakeEntry, Reason } from '../parsed-line.js';
import { type Line, lokiEntry } from './loki-entry.js';
import { SnappyError, uncompressSnappy } from './snappy-block.js';
import { checkLabels, LabelError, type Labels, parseLabels } from './stream-labels.js';

/** Lines one request may bring. */
export const MAX_LOKI_LINES = 50_000;
/** Every entry repeats the labels of its stream: without a bound a small body would become a large store. */
const MAX_REPEATED_CHARACTERS = 100_000_000;
const MAX_STREAMS = 10_000;
const MAX_VALUES = 1_000_000;
const MAX_DEPTH = 8;

/** A body that is no PushRequest, or goes past a bound. The message goes on from "the body". */
export class LokiError extends Error {
  override readonly name = 'LokiError';
}

/** What became of one line. */
export type LokiOutcome = { readonly entry: IntakeEntry } | { readonly refused: Reason };

/** The lines of one request, known to be whole. */
export interface LokiPush {
  readonly count: number;
  /** Reads them in their order, each when it is asked for. */
  outcomes(): Iterable<LokiOutcome>;
}

/** How a body is read. */
export interface LokiPushOptions {
  readonly encoding: 'json' | 'protobuf';
  /** What a body may have without Snappy. */
  readonly maxBytes: number;
}

interface Stream {
  readonly labels: Labels;
  /** How many lines it has. */
  readonly count: number;
  lines(): Iterable<Line | undefined>;
}

/**
 * Reads what Promtail, Alloy, Fluent Bit and others push. All of it is checked here; its entries are made one by one.
 *
 * @see https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs
 * @throws LokiError when the body is not one.
 */
export function readLokiPush(body: Buffer, { encoding, maxBytes }: LokiPushOptions): LokiPush {
  const streams = streamsOf(() =>
    encoding === 'json' ? jsonStreams(body) : protobufStreams(body, maxBytes),
  );
  if (streams.length > MAX_STREAMS) {
    throw new LokiError(`has ${streams.length} streams; allowed: ${MAX_STREAMS}`);
  }
  let count = 0;
  let repeated = 0;
  for (const { labels, count: lines } of streams) {
    count += lines;
    repeated += lines * JSON.stringify(labels).length;
  }
  if (count > MAX_LOKI_LINES) throw new LokiError(`has ${count} lines; allowed: ${MAX_LOKI_LINES}`);
  if (repeated > MAX_REPEATED_CHARACTERS) {
    throw new LokiError(
      `has too large labels; allowed: ${MAX_REPEATED_CHARACTERS} characters, counted once for each line`,
    );
  }
  return {
    count,
    *outcomes() {
      for (const { labels, lines } of streams) {
        for (const line of lines()) yield outcomeOf(labels, line);
      }
    },
  };
}

function outcomeOf(labels: Labels, line: Line | undefined): LokiOutcome {
  if (line === undefined) {
    const message = 'it is no timestamp in nanoseconds with a text, and labels of its own';
    return { refused: { code: 'not_json', message } };
  }
  return { entry: checkEntry(lokiEntry(labels, line)) };
}

function streamsOf(read: () => readonly Stream[]): readonly Stream[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError) throw new LokiError(`is no PushRequest: it ${error.message}`);
    if (error instanceof SnappyError || error instanceof LabelError) throw new LokiError(error.message);
    throw error;
  }
}

function jsonStreams(body: Buffer): readonly Stream[] {
  let request: unknown;
  try {
    request = parseExactJson(body.toString());
  } catch (error) {
    throw new LokiError(`is no JSON: ${(error as Error).message.replace(/[^ -~]/g, '?')}`);
  }
  const streams = isRecord(request) ? request.streams : undefined;
  if (!Array.isArray(streams)) throw new LokiError('has no list of streams; allowed: {"streams":[…]}');
  return streams.map((stream: unknown): Stream => {
    const values = isRecord(stream) ? stream.values : undefined;
    if (!isRecord(stream) || !Array.isArray(values)) {
      throw new LokiError('has a stream without values; allowed: {"stream":{…},"values":[…]}');
    }
    const labels = checkLabels(stream.stream ?? {});
    return { labels, count: values.length, lines: () => values.map(jsonLine) };
  });
}

function jsonLine(value: unknown): Line | undefined {
  if (!Array.isArray(value)) return undefined;
  const [time, text, given = {}] = value as unknown[];
  if (typeof time !== 'string' || !/^\d{1,19}$/.test(time) || typeof text !== 'string') return undefined;
  try {
    return { timestamp: Math.floor(Number(time) / 1e6), text, metadata: checkLabels(given) };
  } catch {
    return undefined;
  }
}

/** @see https://github.com/grafana/loki/blob/main/pkg/push/push.proto */
const TIMESTAMP: MessageTable = {
  1: { name: 'seconds', holds: 'int64' },
  2: { name: 'nanos', holds: 'int32' },
};
const LABEL_PAIR: MessageTable = {
  1: { name: 'name', holds: 'string' },
  2: { name: 'value', holds: 'string' },
};
const ENTRY: MessageTable = {
  1: { name: 'timestamp', holds: () => TIMESTAMP },
  2: { name: 'line', holds: 'string' },
  3: { name: 'structuredMetadata', holds: () => LABEL_PAIR, isRepeated: true },
};
const STREAM: MessageTable = {
  1: { name: 'labels', holds: 'string' },
  2: { name: 'entries', holds: () => ENTRY, isRepeated: true },
};
const STREAMS_OF_REQUEST = 1;
const LABELS_OF_STREAM = 1;
const ENTRIES_OF_STREAM = 2;

function protobufStreams(body: Buffer, maxBytes: number): readonly Stream[] {
  const message = uncompressSnappy(body, maxBytes);
  const budget = { values: MAX_VALUES, maxDepth: MAX_DEPTH };
  checkMessage(
    message,
    { [STREAMS_OF_REQUEST]: { name: 'streams', holds: () => STREAM, isRepeated: true } },
    budget,
  );
  const streams: Stream[] = [];
  for (const { number, bytes } of wireFields(message)) {
    if (number !== STREAMS_OF_REQUEST) continue;
    if (streams.length > MAX_STREAMS) break;
    let labels = '{}';
    const entries: Buffer[] = [];
    for (const field of wireFields(bytes)) {
      if (field.number === LABELS_OF_STREAM) labels = field.bytes.toString();
      else if (field.number === ENTRIES_OF_STREAM) entries.push(field.bytes);
    }
    streams.push({
      labels: parseLabels(labels),
      count: entries.length,
      lines: () => entries.map(protobufLine),
    });
  }
  return streams;
}

function protobufLine(bytes: Buffer): Line | undefined {
  const {
    timestamp,
    line = '',
    structuredMetadata = [],
  } = readMessage(bytes, ENTRY) as {
    readonly timestamp?: { readonly seconds?: string; readonly nanos?: number };
    readonly line?: string;
    readonly structuredMetadata?: readonly { readonly name?: string; readonly value?: string }[];
  };
  const milliseconds = Number(timestamp?.seconds ?? 0) * 1000 + Math.floor((timestamp?.nanos ?? 0) / 1e6);
  if (!(milliseconds >= 0)) return undefined;
  const metadata = Object.fromEntries(structuredMetadata.map(({ name = '', value = '' }) => [name, value]));
  return { timestamp: milliseconds, text: line, metadata };
}
