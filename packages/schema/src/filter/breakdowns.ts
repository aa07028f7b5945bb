/** What entries can be ranked by. */
export const TOP_FIELDS = ['path', 'ip', 'host', 'user'] as const;
/** @see TOP_FIELDS */
export type TopField = (typeof TOP_FIELDS)[number];

/** What values of entries can be counted, several fields at once. */
export const FACET_FIELDS = [
  'level',
  'component',
  'status',
  'method',
  'host',
  'ip',
  'user',
  'client',
  'event',
  'outcome',
  'route',
  'path',
] as const;
/** @see FACET_FIELDS */
export type FacetField = (typeof FACET_FIELDS)[number];

/** The field of an entry each of them is. */
export const FACET_COLUMNS = {
  level: 'level',
  component: 'component',
  status: 'status_code',
  method: 'method',
  host: 'proxy_hostname',
  ip: 'client_ip',
  user: 'user_id',
  client: 'client_id',
  event: 'event',
  outcome: 'outcome',
  route: 'route',
  path: 'path',
} as const satisfies Readonly<Record<FacetField, string>>;

/** What the buckets of a histogram can be split by. `status` is the status class of requests: 2xx, 4xx. */
export const HISTOGRAM_SPLITS = ['none', 'status', 'level'] as const;
/** @see HISTOGRAM_SPLITS */
export type HistogramSplit = (typeof HISTOGRAM_SPLITS)[number];
