import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import type { LoggerStats } from '../delivery/delivery-counts.js';
import { registerLoggerMetrics } from './prometheus.js';

const STATS: LoggerStats = {
  accepted: 10,
  written: 7,
  pending: 1,
  pendingBytes: 100,
  spooled: 0,
  spooledBytes: 0,
  dropped: { queue_full: 2 },
  unconfirmed: 0,
  retries: 3,
  recovered: 0,
  consoleDropped: 0,
  sampled: 4,
  folded: 5,
};

test('a registry of prom-client shows what stats() says at that moment', async () => {
  const registry = new Registry();
  let now = STATS;
  registerLoggerMetrics(registry, { stats: () => now });
  now = { ...STATS, written: 9, dropped: { queue_full: 2, rejected: 1 } as LoggerStats['dropped'] };
  const text = await registry.metrics();
  expect(text).toContain('# TYPE tailrace_logger_written_total counter\ntailrace_logger_written_total 9\n');
  expect(text).toContain('# TYPE tailrace_logger_pending gauge\ntailrace_logger_pending 1\n');
  expect(text).toContain('tailrace_logger_dropped_total{reason="queue_full"} 2');
  expect(text).toContain('tailrace_logger_dropped_total{reason="rejected"} 1');
  registry.resetMetrics();
  expect(await registry.metrics()).toBe(text);
});

test('names may have another prefix, so that two loggers fit into one registry', async () => {
  const registry = new Registry();
  registerLoggerMetrics(registry);
  expect(() => registerLoggerMetrics(registry)).toThrow('already been registered');
  registerLoggerMetrics(registry, { prefix: 'other_', stats: () => STATS });
  expect(await registry.metrics()).toContain('other_accepted_total 10');
});
