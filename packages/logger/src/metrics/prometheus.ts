import type { LoggerStats } from '../delivery/delivery-counts.js';
import { stats as statsOfProcess } from '../log-functions.js';

/** A registry of prom-client, the user's own, of any version from 14 on. */
export interface MetricRegistry {
  registerMetric(metric: never): void;
}

/** @see registerLoggerMetrics */
export interface LoggerMetricsOptions {
  /** Stands before every name. @default 'tailrace_logger_' */
  readonly prefix?: string;
  /** Whose figures. @default those of the process's logger, the one of `log_info` */
  readonly stats?: () => LoggerStats;
}

/** Name, what it is, whether it only grows, and its value. */
const FIGURES: readonly (readonly [
  name: string,
  help: string,
  type: 'counter' | 'gauge',
  read: (stats: LoggerStats) => number,
])[] = [
  ['accepted_total', 'Log calls that passed level and sampling', 'counter', (of) => of.accepted],
  ['written_total', 'Entries known to be in Redis', 'counter', (of) => of.written],
  ['pending', 'Entries in the queue or on their way', 'gauge', (of) => of.pending],
  ['pending_bytes', 'About how many bytes wait in the queue', 'gauge', (of) => of.pendingBytes],
  ['spooled', 'Entries in files, until Redis answers', 'gauge', (of) => of.spooled],
  ['spooled_bytes', 'Bytes of these files', 'gauge', (of) => of.spooledBytes],
  ['unconfirmed', 'Entries written that replicas have not confirmed yet', 'gauge', (of) => of.unconfirmed],
  ['retries_total', 'Attempts to write a batch that failed', 'counter', (of) => of.retries],
  ['recovered_total', 'Entries written for processes that are gone', 'counter', (of) => of.recovered],
  ['console_dropped_total', 'Lines the console did not take', 'counter', (of) => of.consoleDropped],
  ['sampled_total', 'Calls left out by sampling', 'counter', (of) => of.sampled],
  ['folded_total', 'Calls told as one with others', 'counter', (of) => of.folded],
];

/**
 * Adds the figures of `stats()` to a registry of prom-client. They are read when the registry is, and cost a log call nothing;
 * prom-client itself is not loaded.
 *
 * @throws what the registry throws for a name it has already.
 */
export function registerLoggerMetrics(
  registry: MetricRegistry,
  { prefix = 'tailrace_logger_', stats = statsOfProcess }: LoggerMetricsOptions = {},
): void {
  for (const [name, help, type, read] of FIGURES) {
    add({ name: prefix + name, help, type }, () => [{ value: read(stats()), labels: {} }]);
  }
  const dropped = {
    name: `${prefix}dropped_total`,
    help: 'Entries lost, by reason',
    type: 'counter',
  } as const;
  add(dropped, () =>
    Object.entries(stats().dropped).map(([reason, value]) => ({ value, labels: { reason } })),
  );

  function add(described: object, values: () => object[]): void {
    const metric = {
      ...described,
      aggregator: 'sum',
      get: async () => ({ ...described, aggregator: 'sum', values: values() }),
      reset() {},
    };
    registry.registerMetric(metric as never);
  }
}
