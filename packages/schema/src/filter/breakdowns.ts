import { type DataFilterName, dataPathOf, isDataFilter } from './data-filter.js';

/** What entries can be ranked by. */
export const TOP_FIELDS = ['path', 'ip', 'host', 'user'] as const;
/** @see TOP_FIELDS */
export type TopField = (typeof TOP_FIELDS)[number];

/** What values of entries can be counted, several fields at once, and the field of an entry each is. */
export const FACET_COLUMNS = {
  level: 'level',
  component: 'component',
  status: 'status_code',
  method: 'method',
  host: 'proxy_hostname',
  ip: 'client_ip',
  user: 'user_id',
  event: 'event',
  client: 'client_id',
  outcome: 'outcome',
  route: 'route',
  path: 'path',
} as const;
/** @see FACET_COLUMNS */
export type FacetField = keyof typeof FACET_COLUMNS;
/** @see FACET_COLUMNS */
export const FACET_FIELDS = Object.keys(FACET_COLUMNS) as [FacetField, ...FacetField[]];
/**
 * What can be counted: a field, `pattern` (requests by method and path pattern, `GET:/users/:number`), or a field of `data` by its path.
 */
export type FacetName = FacetField | 'pattern' | DataFilterName;

/** Facets one question may ask for. */
export const MAX_FACETS = 24;

/** Whether a name is one of {@link FacetName}. A field of `data` whose name has a comma cannot be named in a list. */
export function isFacetName(name: string): name is FacetName {
  if (isDataFilter(name)) return !name.endsWith('!') && dataPathOf(name) !== undefined;
  return name === 'pattern' || Object.hasOwn(FACET_COLUMNS, name);
}

/** Those that are counted where nobody says which: the first eight. */
export const DEFAULT_FACETS: readonly FacetField[] = FACET_FIELDS.slice(0, 8);

/** What the buckets of a histogram can be split by. `status` is the status class of requests: 2xx, 4xx. */
export const HISTOGRAM_SPLITS = ['none', 'status', 'level'] as const;
/** @see HISTOGRAM_SPLITS */
export type HistogramSplit = (typeof HISTOGRAM_SPLITS)[number];
