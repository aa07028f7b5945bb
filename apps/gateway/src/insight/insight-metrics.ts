import { MINUTE_MS } from '@tailrace/schema';
import { Gauge, type Registry } from 'prom-client';
import type { GatewayDeps } from '../http/gateway-env.js';

/** Figures of alerts and of the logs themselves. */
export interface InsightMetrics {
  /** Reads them anew. Never rejects: what cannot be read keeps its value. */
  read(): Promise<void>;
}

/** The time the figures of requests are of, and for how long they are believed. */
const SPAN_MS = 5 * MINUTE_MS;
const BELIEVED_MS = 10_000;

/** Registers them (spec 003 "Metrics Export", and the alerts'). */
export function createInsightMetrics(
  { insight, statistics, now = Date.now }: GatewayDeps,
  registers: Registry[],
): InsightMetrics {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers });
  const perSecond = gauge('tailrace_requests_per_second', 'Requests a second, of the last 5 minutes');
  const errorRate = gauge(
    'tailrace_error_rate',
    'Part of requests with status >= 400, of the last 5 minutes',
  );
  const times = gauge('tailrace_response_time_ms', 'Percentiles of response times, of the last 5 minutes', [
    'quantile',
  ]);
  const visitors = gauge(
    'tailrace_unique_visitors',
    'Different client IPs of requests, of the last 5 minutes or its hours',
  );
  const evaluates = gauge('tailrace_alert_evaluator', '1 where this gateway evaluates the alert rules');
  const alerts = gauge('tailrace_alerts', 'Alerts by rule and state, where they are evaluated', [
    'rule',
    'state',
  ]);
  const lag = gauge(
    'tailrace_alert_evaluation_lag_seconds',
    'Time by which the evaluation of a rule is behind',
    ['rule'],
  );
  const windows = gauge('tailrace_alert_windows', 'Windows evaluated, by all gateways');
  const notifications = gauge('tailrace_alert_notifications', 'Notifications by what became of them', [
    'outcome',
  ]);
  let readAt = Number.NEGATIVE_INFINITY;

  return {
    async read() {
      await Promise.all([readRequests(), readAlerts()].map((reading) => reading.catch(() => undefined)));
    },
  };

  async function readRequests(): Promise<void> {
    if (performance.now() - readAt < BELIEVED_MS) return;
    const to = now();
    const { requests, responseTimes, uniqueVisitors } = await statistics.summary({
      filter: {},
      window: { from: to - SPAN_MS, to },
    });
    readAt = performance.now();
    const total = sum(requests.byStatus);
    const { from, to: until } = requests.coverage;
    perSecond.set(total / (Math.max(until - from, 1) / 1_000));
    errorRate.set(
      total === 0 ? 0 : sum([...requests.byStatus].filter(([status]) => Number(status) >= 400)) / total,
    );
    const { p50, p95, p99 } = responseTimes;
    for (const [quantile, value] of Object.entries({ '0.5': p50, '0.95': p95, '0.99': p99 })) {
      times.set({ quantile }, value ?? Number.NaN);
    }
    visitors.set(uniqueVisitors.count ?? Number.NaN);
  }

  async function readAlerts(): Promise<void> {
    if (insight === undefined) return;
    const status = insight.status();
    evaluates.set(status.length > 0 ? 1 : 0);
    alerts.reset();
    lag.reset();
    for (const { rule, pending, firing, lagMs } of status) {
      alerts.set({ rule, state: 'pending' }, pending);
      alerts.set({ rule, state: 'firing' }, firing);
      lag.set({ rule }, lagMs / 1_000);
    }
    const counts = await insight.store.counts();
    windows.set(counts.evaluated);
    notifications.set({ outcome: 'waiting' }, counts.waiting);
    notifications.set({ outcome: 'renewed' }, counts.renewed);
    notifications.set({ outcome: 'delivered' }, counts.delivered);
    notifications.set({ outcome: 'failed' }, counts.failed);
    notifications.set({ outcome: 'given_up' }, counts.givenUp);
    notifications.set({ outcome: 'lost' }, counts.lost);
  }
}

function sum(byStatus: Iterable<readonly [string, number]>): number {
  return [...byStatus].reduce((total, [, count]) => total + count, 0);
}
