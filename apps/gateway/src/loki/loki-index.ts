import { dataPathOf, type Entry, type FacetField, type Filter } from '@tailrace/schema';
import type { Handlers } from '../http/endpoints/handler.js';
import { RequestError } from '../http/errors/request-error.js';
import { shownValue } from '../http/errors/shown-value.js';
import type { GatewayDeps } from '../http/gateway-env.js';
import { COUNTED, countSeries, labelValue, OWN_LABELS } from './counts.js';
import { patternsOf } from './line-patterns.js';
import { type LogSelection, parseSelector } from './logql.js';
import { filterOf } from './logql-filter.js';
import { countsOrRefusal, type LokiCall, matrixOf, stepsOf, success } from './loki.js';
import { type LokiRequest, readLokiRequest, windowOf, withLogqlErrors } from './loki-request.js';
import { labelsOf, metadataOf } from './streams.js';

/** The newest entries of a window, of which is told what no index knows: pushed labels, fields, patterns. */
const SAMPLE = 1_000;
const MAX_VALUES = 100;
const ALL = '{}';
/** As Prometheus has them. */
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Answers what Grafana asks of labels, fields, volumes and patterns. */
export function lokiIndexHandlers({ reader, statistics, now = Date.now }: GatewayDeps) {
  return {
    'GET /loki/api/v1/labels': async ({ c }) => {
      const { entries } = await sampleOf(c);
      const pushed = entries.flatMap((entry) => Object.keys(labelsOf(entry)));
      return success([...new Set([...OWN_LABELS, ...pushed])].sort());
    },
    'GET /loki/api/v1/label/{name}/values': async ({ c, path: { name } }) => {
      const { request, filter } = asked(c);
      const field = Object.hasOwn(COUNTED, name) ? COUNTED[name] : undefined;
      if (field !== undefined) return success(await valuesOf(field, filter, request, c.req.raw.signal));
      const pushed = `data.labels.${name}` as const;
      if (!LABEL_NAME.test(name) || dataPathOf(pushed) === undefined) {
        const allowed = 'must be a name of letters, digits and _, of a bounded length';
        throw new RequestError('invalid_parameter', `name is ${shownValue(name)}: ${allowed}`, 'name');
      }
      const { entries } = await sampleOf(c, { [pushed]: '*' });
      return success([...new Set(entries.flatMap((entry) => labelsOf(entry)[name] ?? []))].sort());
    },
    'GET /loki/api/v1/series': async ({ c }) => {
      const { request } = asked(c);
      const matches = request.texts('match');
      const found = new Map<string, object>();
      for (const text of matches.length === 0 ? [ALL] : matches.slice(0, MAX_MATCHES)) {
        const filter = filterFrom(withLogqlErrors(() => parseSelector(text)));
        for (const labels of (await sample(request, filter, c)).map(labelsOf))
          found.set(JSON.stringify(labels), labels);
      }
      return success([...found.values()]);
    },
    'GET /loki/api/v1/index/stats': async ({ c }) => {
      const { request, filter } = asked(c);
      const asking = { filter, window: windowOf(request), buckets: 1, split: 'none' as const };
      const { buckets } = await statistics.histogram(asking, { signal: c.req.raw.signal });
      // Nothing here knows the bytes of a filter's entries, nor has streams or chunks.
      return { streams: 0, chunks: 0, entries: buckets.reduce((sum, { count }) => sum + count, 0), bytes: 0 };
    },
    'GET /loki/api/v1/index/volume': async ({ c }) => {
      const { request, filter } = asked(c);
      const label = volumeLabel(request);
      const asking = {
        filter,
        window: windowOf(request),
        fields: [label.field],
        limit: request.count('limit', MAX_VALUES, MAX_VALUES),
      };
      const { facets } = await statistics.facets(asking, { signal: c.req.raw.signal });
      const result = (facets[label.field] ?? []).map(({ value, count }) => ({
        metric: { [label.name]: labelValue(label.field, value) },
        value: [request.end.ms / 1000, String(count)],
      }));
      return success({ resultType: 'vector', result });
    },
    'GET /loki/api/v1/index/volume_range': async ({ c }) => {
      const { request, selection } = asked(c);
      const steps = stepsOf(request);
      const { name } = volumeLabel(request);
      const query = { selection, per: 'range', rangeMs: steps.stepMs, by: [name], top: undefined } as const;
      const { series } = await countsOrRefusal(() => countSeries(statistics, query, steps, c.req.raw.signal));
      return success({ resultType: 'matrix', result: series.map((one) => matrixOf(one, steps)) });
    },
    'GET /loki/api/v1/detected_labels': async ({ c }) => {
      const { entries } = await sampleOf(c);
      const values = valuesByName(entries.map(labelsOf));
      return { detectedLabels: [...values].map(([label, found]) => ({ label, cardinality: found.size })) };
    },
    'GET /loki/api/v1/detected_fields': async ({ c }) => {
      const { request, entries } = await sampleOf(c);
      const values = valuesByName(entries.map(metadataOf));
      const limit = request.count('limit', SAMPLE, SAMPLE);
      const fields = [...values].slice(0, limit).map(([label, found]) => ({
        label,
        type: typeOf(found),
        cardinality: found.size,
        parsers: null,
      }));
      return { fields, limit };
    },
    'GET /loki/api/v1/detected_field/{name}/values': async ({ c, path: { name } }) => {
      const { request, entries } = await sampleOf(c);
      const found = new Set(entries.map(metadataOf).flatMap((fields) => fields[name] ?? []));
      return { values: [...found].slice(0, request.count('limit', SAMPLE, SAMPLE)), limit: SAMPLE };
    },
    'GET /loki/api/v1/patterns': async ({ c }) => {
      const { request, entries } = await sampleOf(c);
      return success(patternsOf(entries, stepsOf(request)));
    },
  } satisfies Partial<Handlers>;

  async function sampleOf(c: LokiCall['c'], more: Filter = {}) {
    const { request, filter } = asked(c);
    return { request, entries: await sample(request, { ...filter, ...more }, c) };
  }

  async function sample(request: LokiRequest, filter: Filter, c: LokiCall['c']): Promise<readonly Entry[]> {
    const search = { filter, window: windowOf(request), limit: SAMPLE };
    return (await reader.search(search, { signal: c.req.raw.signal })).entries;
  }

  function asked(c: LokiCall['c']) {
    const request = readLokiRequest(c, now());
    const selection = withLogqlErrors(() => parseSelector(request.text('query') ?? ALL));
    return { request, selection, filter: filterFrom(selection) };
  }

  async function valuesOf(field: FacetField, filter: Filter, request: LokiRequest, signal: AbortSignal) {
    const asking = { filter, window: windowOf(request), fields: [field], limit: MAX_VALUES };
    const { facets } = await statistics.facets(asking, { signal });
    return (facets[field] ?? []).map(({ value }) => labelValue(field, value)).sort();
  }
}

/** Selectors one question may have. */
const MAX_MATCHES = 20;

function filterFrom(selection: LogSelection): Filter {
  return withLogqlErrors(() => filterOf(selection));
}

/** The label volumes are told apart by. @throws RequestError for one whose values are not counted */
function volumeLabel(request: LokiRequest): { readonly name: string; readonly field: FacetField } {
  const [name = 'service_name', ...others] = (request.text('targetLabels') ?? 'service_name').split(',');
  const field = Object.hasOwn(COUNTED, name) ? COUNTED[name] : undefined;
  if (field !== undefined && others.length === 0) return { name, field };
  const message = `targetLabels is "${name.slice(0, 80)}"; allowed: one of ${Object.keys(COUNTED).join(', ')}`;
  throw new RequestError('invalid_parameter', message, 'targetLabels');
}

function valuesByName(all: readonly Readonly<Record<string, string>>[]): Map<string, Set<string>> {
  const values = new Map<string, Set<string>>();
  for (const one of all) {
    for (const [name, value] of Object.entries(one))
      values.set(name, (values.get(name) ?? new Set()).add(value));
  }
  return values;
}

function typeOf(values: ReadonlySet<string>): string {
  const all = [...values];
  if (all.every((value) => /^-?\d{1,15}$/.test(value))) return 'int';
  if (all.every((value) => value !== '' && Number.isFinite(Number(value)))) return 'float';
  return all.every((value) => value === 'true' || value === 'false') ? 'boolean' : 'string';
}
