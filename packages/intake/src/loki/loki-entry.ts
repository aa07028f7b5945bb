import type { Candidate } from '../parsed-line.js';
import { readLevel } from '../values/level-words.js';
import type { Labels } from './stream-labels.js';

/** One line of a stream. */
export interface Line {
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly text: string;
  /** Its structured metadata. */
  readonly metadata: Labels;
}

/** Labels that name the service, the first of them that is there. */
const SERVICE_LABELS = [
  'service_name',
  'service',
  'app',
  'application',
  'name',
  'container',
  'component',
  'workload',
  'job',
];
const LEVEL_LABELS = ['level', 'detected_level', 'severity', 'severity_text', 'lvl'];
const TRACE_LABELS = ['trace_id', 'traceID', 'traceid', 'traceId'];
const SPAN_LABELS = ['span_id', 'spanID', 'spanid', 'spanId'];

/**
 * The entry of a line: `service_name` (or what comes nearest to it), level and trace are fields, labels are `data.labels`, and
 * structured metadata `data`.
 */
export function lokiEntry(labels: Labels, { timestamp, text, metadata }: Line): Candidate {
  const both: Labels = { ...labels, ...metadata };
  const find = (names: readonly string[]): string | undefined => {
    const name = names.find((one) => Object.hasOwn(both, one) && both[one] !== '');
    return name === undefined ? undefined : both[name];
  };
  const component = find(SERVICE_LABELS);
  const level = readLevel(find(LEVEL_LABELS));
  const trace_id = find(TRACE_LABELS);
  const span_id = find(SPAN_LABELS);
  const isField = (name: string) =>
    name === 'service_name' ||
    (level !== undefined && (name === 'level' || name === 'detected_level')) ||
    TRACE_LABELS.includes(name) ||
    SPAN_LABELS.includes(name);
  const others = (given: Labels) => Object.entries(given).filter(([name]) => !isField(name));
  const rest = others(labels);
  const data = {
    ...Object.fromEntries(others(metadata)),
    ...(rest.length > 0 && { labels: Object.fromEntries(rest) }),
  };
  return {
    timestamp,
    kind: 'log',
    level,
    component,
    message: text,
    trace_id,
    span_id,
    ...(Object.keys(data).length > 0 && { data }),
  };
}
