import type { Statistics } from '@tailrace/query';
import { type FacetField, type Filter, parseLevel, type TimeWindow } from '@tailrace/schema';
import type { LogCount } from './logql.js';
import { FIELD_LABELS, filterOf } from './logql-filter.js';
import { LogqlError } from './logql-tokens.js';

/** A series of counts, at each step the count of the range before it. */
export interface CountSeries {
  readonly metric: Readonly<Record<string, string>>;
  /** One for each step; not counted where there is nothing. */
  readonly counts: readonly number[];
}

/** When is counted. */
export interface Steps {
  /** Epoch milliseconds of the first step. */
  readonly startMs: number;
  readonly stepMs: number;
  /** Steps, from 1. */
  readonly count: number;
}

/** Parts a window is cut into at most. */
const MAX_PARTS = 5_000;
/** Values whose counts over time are told apart. */
const MAX_SERIES = 20;

/** Labels whose values can be counted, and the field of each. */
export const COUNTED: Readonly<Record<string, FacetField>> = {
  service_name: 'component',
  service: 'component',
  component: 'component',
  level: 'level',
  detected_level: 'level',
  method: 'method',
  status: 'status',
  status_code: 'status',
  host: 'host',
  proxy_hostname: 'host',
  event: 'event',
  outcome: 'outcome',
  path: 'path',
  client_ip: 'ip',
  user_id: 'user',
  client_id: 'client',
};

/** @throws LogqlError for what cannot be counted so. */
export async function countSeries(
  statistics: Statistics,
  query: LogCount,
  steps: Steps,
  signal: AbortSignal,
): Promise<{ readonly series: readonly CountSeries[]; readonly isExact: boolean }> {
  const { rangeMs } = query;
  const part = greatestCommonDivisor(rangeMs, steps.stepMs);
  const spanMs = rangeMs + (steps.count - 1) * steps.stepMs;
  const parts = spanMs / part;
  if (parts > MAX_PARTS) {
    throw new LogqlError(
      `the range and the step make ${parts} parts; allowed: ${MAX_PARTS}, such as a range that is the step`,
    );
  }
  // A step counts what is after its range began, and up to the step itself.
  const from = steps.startMs - rangeMs + 1;
  const window = { from, to: from + spanMs - 1 };
  const ask = { filter: filterOf(query.selection), window, parts, signal };
  const by = labelsOf(query);
  const found = by.length === 0 ? await countAll(statistics, ask) : await countBy(statistics, ask, by);
  const perStep = steps.stepMs / part;
  const perRange = rangeMs / part;
  const series = found.series.map(({ metric, counts }) => ({
    metric,
    counts: Array.from({ length: steps.count }, (_, step) => {
      const sum = counts
        .slice(step * perStep, step * perStep + perRange)
        .reduce((all, count) => all + count, 0);
      return query.per === 'second' ? sum / (rangeMs / 1000) : sum;
    }),
  }));
  const total = ({ counts }: CountSeries) => counts.reduce((all, count) => all + count, 0);
  const largest = series.filter((one) => total(one) > 0).sort((a, b) => total(b) - total(a));
  return { series: largest.slice(0, query.top ?? largest.length), isExact: found.isExact };
}

interface Ask {
  readonly filter: Filter;
  readonly window: TimeWindow;
  readonly parts: number;
  readonly signal: AbortSignal;
}

interface Counted {
  readonly series: readonly CountSeries[];
  readonly isExact: boolean;
}

/** Without `by` streams are told apart; what tells most of them apart is service and level, of which the level is counted. */
function labelsOf({ by }: LogCount): readonly string[] {
  return by ?? ['level'];
}

async function countAll(statistics: Statistics, { filter, window, parts, signal }: Ask): Promise<Counted> {
  const { buckets, coverage } = await statistics.histogram(
    { filter, window, buckets: parts, split: 'none' },
    { signal },
  );
  return { series: [{ metric: {}, counts: buckets.map(({ count }) => count) }], isExact: coverage.isExact };
}

async function countBy(statistics: Statistics, ask: Ask, by: readonly string[]): Promise<Counted> {
  const fields = new Set(by.map(fieldOf));
  const [field] = fields;
  if (fields.size > 1 || field === undefined) {
    throw new LogqlError(
      `by (${by.join(', ')}) is not supported; allowed: one label, or level and detected_level`,
    );
  }
  const named = (value: string) => Object.fromEntries(by.map((label) => [label, value]));
  const { filter, window, parts, signal } = ask;
  if (field === 'level') {
    const { buckets, coverage } = await statistics.histogram(
      { filter, window, buckets: parts, split: 'level' },
      { signal },
    );
    const levels = [...new Set(buckets.flatMap(({ by: counts }) => [...counts.keys()]))];
    const series = levels.map((level) => ({
      metric: named(level.toLowerCase()),
      counts: buckets.map(({ by: counts }) => counts.get(level) ?? 0),
    }));
    return { series, isExact: coverage.isExact };
  }
  const { facets, coverage } = await statistics.facets(
    { filter, window, fields: [field], limit: MAX_SERIES },
    { signal },
  );
  const series: CountSeries[] = [];
  for (const { value, count } of facets[field] ?? []) {
    const counts = parts === 1 ? [count] : await countsOf(value);
    series.push({ metric: named(value), counts });
  }
  return { series, isExact: coverage.isExact && series.length < MAX_SERIES };

  async function countsOf(value: string): Promise<readonly number[]> {
    const label = by[0] as string;
    const operator = '=' as const;
    const condition = { label, operator, value, isOfStream: true };
    const own = filterOf({ labels: [condition], lines: [] });
    const [name] = Object.keys(own) as [keyof Filter];
    const request = {
      filter: { ...filter, [name]: own[name] },
      window,
      buckets: parts,
      split: 'none' as const,
    };
    const { buckets } = await statistics.histogram(request, { signal });
    return buckets.map(({ count }) => count);
  }
}

/** @throws LogqlError */
export function fieldOf(label: string): FacetField {
  const field = Object.hasOwn(COUNTED, label) ? COUNTED[label] : undefined;
  if (field !== undefined) return field;
  throw new LogqlError(`by (${label}) is not supported; allowed: ${Object.keys(COUNTED).join(', ')}`);
}

/** The value of a label as Loki has it: levels in lower case. */
export function labelValue(field: FacetField, value: string): string {
  return field === 'level' && parseLevel(value) !== undefined ? value.toLowerCase() : value;
}

/** Labels every store has, whatever was pushed. */
export const OWN_LABELS = ['service_name', 'level', 'method', 'status', 'host', 'event', 'outcome'].filter(
  (label) => Object.hasOwn(FIELD_LABELS, label),
);

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
