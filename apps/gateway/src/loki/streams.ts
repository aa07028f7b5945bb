import type { Entry, JsonValue } from '@tailrace/schema';

/** Lines of one set of labels, as Loki replies them. */
export interface Stream {
  readonly stream: Readonly<Record<string, string>>;
  readonly values: (readonly [ns: string, line: string, more?: LineMetadata])[];
}

interface LineMetadata {
  readonly structuredMetadata: Readonly<Record<string, string>>;
}

/** Fields beside those that are labels and line, under the names conditions take. */
const METADATA = [
  'kind',
  'method',
  'path',
  'route',
  'status_code',
  'response_time_ms',
  'client_ip',
  'proxy_hostname',
  'user_id',
  'session_id',
  'client_id',
  'trace_id',
  'span_id',
  'request_id',
  'event',
  'outcome',
] as const;
/** Fields of `data` a line shows. */
const MAX_DATA_FIELDS = 50;

/** Nanoseconds of an entry: its milliseconds, and its place among those of its millisecond. */
export function nanosecondsOf({ timestamp, order = 0 }: Entry): string {
  return `${timestamp}${String(order).padStart(6, '0')}`;
}

/** Labels of the stream an entry is of: service, level, and those it was pushed with. */
export function labelsOf(entry: Entry): Record<string, string> {
  const pushed = entry.data?.labels;
  return {
    ...(isObject(pushed) ? texts(pushed) : {}),
    service_name: entry.component,
    level: entry.level.toLowerCase(),
  };
}

/** The line of an entry: its message, with its error behind it. */
export function lineOf({ message, error }: Entry): string {
  if (error === undefined) return message;
  const stack = error.stack ?? `${error.type}: ${error.message}`;
  return message === '' ? stack : `${message}\n${stack}`;
}

/** What else an entry has that is one value. */
export function metadataOf(entry: Entry): Record<string, string> {
  const { labels: _labels, ...data } = entry.data ?? {};
  const fields = Object.entries(texts(data)).slice(0, MAX_DATA_FIELDS);
  const own = METADATA.filter((name) => entry[name] !== undefined).map((name) => [name, String(entry[name])]);
  return {
    ...Object.fromEntries(fields),
    ...Object.fromEntries(own),
    detected_level: entry.level.toLowerCase(),
  };
}

/**
 * @param entries in the order they are replied
 * @param isCategorized whether metadata stands beside each line, as who sends `X-Loki-Response-Encoding-Flags` wants it;
 *   else it is left out, since as labels it would make a stream of every line
 */
export function streamsOf(entries: readonly Entry[], isCategorized: boolean): Stream[] {
  const streams = new Map<string, Stream>();
  for (const entry of entries) {
    const stream = labelsOf(entry);
    const key = JSON.stringify(Object.entries(stream).sort());
    const known = streams.get(key) ?? { stream, values: [] };
    streams.set(key, known);
    const [ns, line] = [nanosecondsOf(entry), lineOf(entry)];
    known.values.push(isCategorized ? [ns, line, { structuredMetadata: metadataOf(entry) }] : [ns, line]);
  }
  return [...streams.values()];
}

function isObject(value: JsonValue | undefined): value is { [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function texts(object: Readonly<Record<string, JsonValue>>): Record<string, string> {
  const single = Object.entries(object).filter(([, value]) => value !== null && typeof value !== 'object');
  return Object.fromEntries(single.map(([name, value]) => [name, String(value)]));
}
