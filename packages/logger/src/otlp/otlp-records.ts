import type { Entry, JsonValue, Level } from '@tailrace/schema';
import { bytes, double, fixed64, integer, joined, type Part, text } from './protobuf-writer.js';

/** SeverityNumber, and the short name a level has there where it is another. AUDIT has none of its own. */
const SEVERITIES: Readonly<Record<Level, readonly [number, string]>> = {
  TRACE: [1, 'TRACE'],
  DEBUG: [5, 'DEBUG'],
  INFO: [9, 'INFO'],
  WARNING: [13, 'WARN'],
  ERROR: [17, 'ERROR'],
  CRITICAL: [21, 'FATAL'],
  AUDIT: [12, 'AUDIT'],
};

/** Attributes of the semantic conventions, by the fields of an entry. @see https://opentelemetry.io/docs/specs/semconv/ */
const ATTRIBUTES = {
  method: 'http.request.method',
  route: 'http.route',
  client_ip: 'client.address',
  proxy_hostname: 'server.address',
  status_code: 'http.response.status_code',
  bytes_sent: 'http.response.body.size',
  user_agent: 'user_agent.original',
  referrer: 'http.request.header.referer',
  user_id: 'user.id',
  session_id: 'session.id',
  client_hostname: 'client_hostname',
  client_id: 'client_id',
  request_id: 'request_id',
  response_time_ms: 'response_time_ms',
  outcome: 'outcome',
  objects: 'objects',
  truncated: 'truncated',
} as const satisfies Partial<Record<keyof Entry, string>>;

/** What all records of a sender have in common: attributes by their names. */
export type ResourceAttributes = Readonly<Record<string, string | number | boolean>>;

/**
 * An ExportLogsServiceRequest as protobuf. Entries of one component stand under one resource, in the order they have: the
 * component is its `service.name`, or, where the resource has one already, the name of their scope.
 *
 * @see https://github.com/open-telemetry/opentelemetry-proto/blob/v1.7.0/opentelemetry/proto/logs/v1/logs.proto
 */
export function encodeRequest(entries: readonly Entry[], resource: ResourceAttributes): Buffer {
  const groups: { readonly component: string; readonly records: Part[] }[] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    // Neighbours only, so that their order stays.
    if (last?.component === entry.component) last.records.push(bytes(2, logRecord(entry)));
    else groups.push({ component: entry.component, records: [bytes(2, logRecord(entry))] });
  }
  const isNamed = resource['service.name'] !== undefined;
  return joined(
    groups.map(({ component, records }) => {
      const attributes = isNamed ? resource : { ...resource, 'service.name': component };
      const scope = isNamed ? [bytes(1, text(1, component))] : [];
      return bytes(1, [bytes(1, attributeParts(attributes)), bytes(2, [...scope, ...records])]);
    }),
  );
}

function logRecord(entry: Entry): Part {
  const { id, timestamp, level, message, trace_id, span_id, event, error, path, data } = entry;
  const [number, name] = SEVERITIES[level];
  const nanoseconds = timestamp > 0 ? BigInt(timestamp) * 1_000_000n : 0n;
  const attributes: Record<string, JsonValue | undefined> = { ...data, 'log.record.uid': id };
  for (const field in ATTRIBUTES) {
    const value = entry[field as keyof typeof ATTRIBUTES];
    if (value !== undefined) attributes[ATTRIBUTES[field as keyof typeof ATTRIBUTES]] = value as JsonValue;
  }
  if (path !== undefined) {
    const [before = '', ...query] = path.split('?');
    attributes['url.path'] = before;
    if (query.length > 0) attributes['url.query'] = query.join('?');
  }
  if (error !== undefined) {
    attributes['exception.type'] = error.type;
    attributes['exception.message'] = error.message;
    attributes['exception.stacktrace'] = error.stack;
  }
  const traceId = idBytes(trace_id, 32);
  const spanId = idBytes(span_id, 16);
  if (traceId === undefined) attributes.trace_id = trace_id;
  if (spanId === undefined) attributes.span_id = span_id;
  return [
    fixed64(1, nanoseconds),
    integer(2, number),
    text(3, name),
    bytes(5, text(1, message)),
    attributeParts(attributes, 6),
    traceId === undefined ? [] : bytes(9, traceId),
    spanId === undefined ? [] : bytes(10, spanId),
    fixed64(11, nanoseconds),
    event === undefined ? [] : text(12, event),
  ];
}

/** Of a W3C trace context; ids of other forms are attributes. */
function idBytes(id: string | undefined, digits: number): Buffer | undefined {
  return id?.length === digits && /^[\da-f]+$/i.test(id) ? Buffer.from(id, 'hex') : undefined;
}

function attributeParts(attributes: Readonly<Record<string, JsonValue | undefined>>, field = 1): Part {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [bytes(field, [text(1, key), bytes(2, anyValue(value))])],
  );
}

function anyValue(value: JsonValue): Part {
  if (typeof value === 'string') return text(1, value);
  if (typeof value === 'boolean') return integer(2, value ? 1 : 0);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? integer(3, value) : double(4, value);
  // An AnyValue without a value is null.
  if (value === null) return [];
  if (Array.isArray(value))
    return bytes(
      5,
      value.map((element) => bytes(1, anyValue(element))),
    );
  return bytes(6, attributeParts(value as Readonly<Record<string, JsonValue>>));
}
