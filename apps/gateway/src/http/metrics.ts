import type { ArchiveStatus } from '@tailrace/archive';
import { MAX_OUTSIDE_VALUES } from '@tailrace/schema';
import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { createInsightMetrics } from '../insight/insight-metrics.js';
import type { Handlers } from './endpoints/handler.js';
import type { GatewayContext, GatewayDeps, GatewayEnv } from './gateway-env.js';

/** What Prometheus is told. */
export interface Metrics {
  /** Counts every request that passes. Labels are the routes there are, never what somebody asked for. */
  readonly count: MiddlewareHandler<GatewayEnv>;
  /** Answers `GET /metrics`: all figures, in the text format of Prometheus. */
  readonly handlers: Pick<Handlers, 'GET /metrics'>;
}

/** @see Metrics */
export function createMetrics(deps: GatewayDeps): Metrics {
  const { engine, delivery, statistics, archive, tail } = deps;
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: 'tailrace_http_requests_total',
    help: 'Requests answered',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'tailrace_http_request_duration_seconds',
    help: 'Time until a reply began',
    labelNames: ['method', 'route'],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const storeUp = gauge('tailrace_store_up', '1 when the store answers');
  const followers = gauge('tailrace_stream_followers', 'Clients that follow the live stream');
  const writers = gauge('tailrace_writers', 'Processes that have written in the last 7 days');
  const lag = gauge('tailrace_writers_lag_entries', 'Entries accepted and neither written nor dropped yet');
  const dropped = new Gauge({
    name: 'tailrace_writers_dropped_entries',
    help: 'Entries the writers of the last 7 days lost',
    labelNames: ['reason'],
    registers,
  });
  // Without an archive there are no figures of one.
  const ofArchive = (name: string, help: string) =>
    new Gauge({ name, help, registers: archive ? registers : [] });
  const archiveUp = ofArchive('tailrace_archive_up', '1 when entries can be sealed');
  const sealed = ofArchive('tailrace_archive_entries', 'Entries in sealed files');
  const sealedBytes = ofArchive('tailrace_archive_bytes', 'Bytes of sealed files');
  const unsealedEntries = ofArchive('tailrace_archive_unsealed_entries', 'Entries that are in no file yet');
  const folded = new Gauge({
    name: 'tailrace_folded_requests',
    help: 'Requests of this hour counted under no host, or path, of their own, past what a writer counts by name',
    labelNames: ['of'],
    registers,
  });
  const outsideValues = new Gauge({
    name: 'tailrace_outside_values_max',
    help: 'Hosts, and paths without a route, that a writer counts by name in an hour',
    labelNames: ['of'],
    registers,
  });
  for (const [of, max] of Object.entries(MAX_OUTSIDE_VALUES)) outsideValues.set({ of }, max);
  const insight = createInsightMetrics(deps, registers);
  let isFirst = true;

  return {
    async count(c, next) {
      const started = performance.now();
      await next();
      const { method, route } = routeOf(c);
      requests.inc({ method, route, status: c.res.status });
      durations.observe({ method, route }, (performance.now() - started) / 1000);
    },
    handlers: { 'GET /metrics': ({ c }) => show(c) },
  };

  async function show(c: GatewayContext): Promise<Response> {
    if (isFirst) collectDefaultMetrics({ register: registry });
    isFirst = false;
    followers.set(tail.followers);
    if (archive !== undefined) setArchive(archive.status());
    await readStore();
    await insight.read();
    return c.body(await registry.metrics(), 200, { 'content-type': registry.contentType });
  }

  function setArchive({ trouble, entries, bytes, unsealed }: ArchiveStatus): void {
    archiveUp.set(trouble === null ? 1 : 0);
    sealed.set(entries);
    sealedBytes.set(bytes);
    unsealedEntries.set(unsealed);
  }

  /** A store that is away must not hide the gateway's own figures. */
  async function readStore(): Promise<void> {
    try {
      await engine.ping();
      const { totals, count } = await delivery();
      for (const [of, requests] of Object.entries(await statistics.folded())) folded.set({ of }, requests);
      storeUp.set(1);
      writers.set(count);
      lag.set(totals.lag);
      dropped.reset();
      for (const [reason, entries] of Object.entries(totals.dropped)) dropped.set({ reason }, entries);
    } catch {
      storeUp.set(0);
    }
  }
}

function routeOf(c: GatewayContext): { readonly method: string; readonly route: string } {
  const route = matchedRoutes(c).findLast(({ method }) => method !== 'ALL');
  return { method: route?.method ?? 'other', route: route?.path ?? 'other' };
}
