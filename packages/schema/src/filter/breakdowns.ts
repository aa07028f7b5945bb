/** What entries can be ranked by. */
export const TOP_FIELDS = ['path', 'ip', 'host', 'user'] as const;
/** @see TOP_FIELDS */
export type TopField = (typeof TOP_FIELDS)[number];

/** What the buckets of a histogram can be split by. `status` is the status class of requests: 2xx, 4xx. */
export const HISTOGRAM_SPLITS = ['none', 'status', 'level'] as const;
/** @see HISTOGRAM_SPLITS */
export type HistogramSplit = (typeof HISTOGRAM_SPLITS)[number];
