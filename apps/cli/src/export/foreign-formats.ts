import type { EntryReply, JsonValue } from '@tailrace/schema';

/** Formats that other stores take, made of the lines of an NDJSON export. */
export const FOREIGN_FORMATS = ['splunk', 'elasticsearch', 'gcp', 'aws'] as const;
/** @see FOREIGN_FORMATS */
export type ForeignFormat = (typeof FOREIGN_FORMATS)[number];

/** The lines that one entry becomes, without their ends. */
export const FOREIGN_LINES: Readonly<Record<ForeignFormat, (entry: EntryReply) => readonly object[]>> = {
  splunk: (entry) => [splunkEvent(entry)],
  // `create` is the only one that data streams take; sent again it is refused as known, and nothing is twice.
  elasticsearch: (entry) => [{ create: { _id: entry.id } }, ecsDocument(entry)],
  gcp: (entry) => [gcpLogEntry(entry)],
  aws: (entry) => [awsLogEvent(entry)],
};

/** Whether a text names one of them. */
export function isForeign(format: string | undefined): format is ForeignFormat {
  return FOREIGN_FORMATS.includes(format as ForeignFormat);
}

/**
 * An event of the HTTP Event Collector, for `/services/collector/event`. `fields` are indexed, and may not be nested.
 *
 * @see https://docs.splunk.com/Documentation/Splunk/latest/Data/FormateventsforHTTPEventCollector
 */
function splunkEvent(entry: EntryReply) {
  const { timestamp, proxy_hostname, component, level } = entry;
  return {
    time: Date.parse(timestamp) / 1_000,
    ...(proxy_hostname !== undefined && { host: proxy_hostname }),
    source: 'tailrace',
    sourcetype: '_json',
    event: entry,
    fields: { component, level },
  };
}

/** A document with the fields of the Elastic Common Schema. @see https://www.elastic.co/guide/en/ecs/current/ecs-field-reference.html */
function ecsDocument(entry: EntryReply): object {
  const { error, data, path, response_time_ms: ms } = entry;
  const [urlPath, ...query] = path?.split('?') ?? [];
  return compact({
    '@timestamp': entry.timestamp,
    message: entry.message,
    ecs: { version: '8.17.0' },
    log: { level: entry.level.toLowerCase(), logger: entry.component },
    service: { name: entry.component },
    event: {
      id: entry.id,
      action: entry.event,
      outcome: entry.outcome,
      duration: ms === undefined ? undefined : Math.round(ms * 1_000_000),
    },
    trace: { id: entry.trace_id },
    span: { id: entry.span_id },
    client: { ip: entry.client_ip, domain: entry.client_hostname },
    url: {
      domain: entry.proxy_hostname,
      path: urlPath,
      query: query.length > 0 ? query.join('?') : undefined,
    },
    http: {
      request: { method: entry.method, referrer: entry.referrer, id: entry.request_id },
      response: { status_code: entry.status_code, body: { bytes: entry.bytes_sent } },
    },
    user_agent: { original: entry.user_agent },
    user: { id: entry.user_id },
    error: { type: error?.type, message: error?.message, stack_trace: error?.stack, code: error?.code },
    // What ECS has no field for stands in a field of our own, so that no mapping of theirs refuses it.
    tailrace: {
      kind: entry.kind,
      route: entry.route,
      session_id: entry.session_id,
      client_id: entry.client_id,
      objects: entry.objects,
      truncated: entry.truncated,
      error_cause: error?.cause,
      data,
    },
  });
}

/** Of Cloud Logging's severities; AUDIT is NOTICE, "normal but significant". */
const SEVERITIES = {
  TRACE: 'DEBUG',
  DEBUG: 'DEBUG',
  INFO: 'INFO',
  WARNING: 'WARNING',
  ERROR: 'ERROR',
  CRITICAL: 'CRITICAL',
  AUDIT: 'NOTICE',
} as const;

/**
 * A LogEntry for the `entries` of `entries.write`, whose request names `logName` and `resource` for all of them.
 *
 * @see https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry
 */
function gcpLogEntry(entry: EntryReply): object {
  const { method, status_code, response_time_ms: ms, bytes_sent, trace_id, span_id, proxy_hostname } = entry;
  const isRequest = entry.kind === 'request';
  const url = `${proxy_hostname === undefined ? '' : `//${proxy_hostname}`}${entry.path ?? ''}`;
  return compact({
    timestamp: entry.timestamp,
    severity: SEVERITIES[entry.level],
    insertId: entry.id,
    labels: { component: entry.component },
    trace: trace_id,
    spanId: span_id,
    httpRequest: isRequest
      ? {
          requestMethod: method,
          requestUrl: url === '' ? undefined : url,
          status: status_code,
          // Of type int64, which is a text in JSON.
          responseSize: bytes_sent === undefined ? undefined : String(bytes_sent),
          userAgent: entry.user_agent,
          remoteIp: entry.client_ip,
          referer: entry.referrer,
          latency: ms === undefined ? undefined : `${(ms / 1_000).toFixed(6)}s`,
        }
      : undefined,
    jsonPayload: entry,
  });
}

/**
 * An InputLogEvent for the `logEvents` of CloudWatch's PutLogEvents.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_InputLogEvent.html
 */
function awsLogEvent(entry: EntryReply) {
  return { timestamp: Date.parse(entry.timestamp), message: JSON.stringify(entry) };
}

type Loose = JsonValue | undefined | object;

/** Without what is missing, and without objects that have nothing. What an entry itself holds stays as it is. */
function compact(given: Readonly<Record<string, Loose>>): object {
  const kept = Object.entries(given).flatMap(([name, value]): [string, Loose][] => {
    if (value === undefined) return [];
    if (name === 'data' || name === 'jsonPayload' || !isPlain(value)) return [[name, value]];
    const inner = compact(value);
    return Object.keys(inner).length === 0 ? [] : [[name, inner]];
  });
  return Object.fromEntries(kept);
}

function isPlain(value: Loose): value is Record<string, Loose> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
