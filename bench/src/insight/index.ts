import {
  type AlertRule,
  createAlertStore,
  createEvaluator,
  ErrorGroups,
  normalText,
  PatternMiner,
} from '@tailrace/insight';
import { compileFilter, createReader } from '@tailrace/query';
import { DEFAULT_RETENTION_DAYS, type Entry, type EntryInput, Keyspace } from '@tailrace/schema';
import { createEntryWriter } from '@tailrace/writer';
import { startRedisServer } from '../redis-server.js';
import type { BenchTable } from '../table.js';

const RULES = 1_000;
const PER_SECOND = 2_000;
const EVERY_MS = 10_000;
const WARM_UP = 20_000;

/**
 * What patterns and error groups cost an entry, and what a thousand rules cost the gateway that evaluates them at 2,000
 * entries a second.
 *
 * @param options.entries of each measurement of groups and patterns. @default 200000
 */
export async function benchInsight({
  entries = 200_000,
}: {
  readonly entries?: number;
}): Promise<BenchTable> {
  const patterns = cpuOf(entries, () => {
    const miner = new PatternMiner();
    return (entry) => miner.add(normalText(entry), entry.message, { timestamp: entry.timestamp });
  });
  const groups = cpuOf(entries, () => {
    const found = new ErrorGroups();
    return (entry) => found.add(entry);
  });
  const alerts = await measureRules();
  return {
    title: 'Insight: patterns, error groups, alert rules',
    columns: ['what', 'figure', 'unit'],
    rows: [
      ['patterns, an entry', round(patterns), 'µs of CPU'],
      ['error groups, an error with a stack', round(groups), 'µs of CPU'],
      [`${RULES} rules at ${PER_SECOND} entries/s, gateway`, round(alerts.gateway), '% of a core'],
      [`${RULES} rules at ${PER_SECOND} entries/s, Redis`, round(alerts.redis), '% of a core'],
      [`${RULES} rules: from due to committed, all rules, longest`, Math.round(alerts.longestMs), 'ms'],
    ],
    notes: [
      `Messages of ${MESSAGES.length} shapes with ids, addresses and names that differ; errors of 8 kinds with stacks of 8 frames.`,
      `Every rule counts in windows of a minute, every 10 s, a filter of its own (component and level, or event), a tenth by group; ${alerts.windows} windows of each, entries of ${alerts.seconds} s stored before.`,
    ],
  };
}

const MESSAGES = [
  (i: number) => `user ${i} signed in from 192.0.2.${i % 250}`,
  (i: number) => `order ${(i * 7_919).toString(16).padStart(8, '0')} of customer "c${i % 5_000}" was paid`,
  (i: number) => `cache miss for key session:${i}`,
  (i: number) => `job ${['mail', 'report', 'sync'][i % 3]} took ${i % 900} ms`,
  () => 'connection to replica lost, trying again',
];

const STACK = Array.from(
  { length: 7 },
  (_, i) => `    at frame${i} (/srv/app/node_modules/lib/${i}.js:${i}:7)`,
).join('\n');

function entryOf(i: number): Entry {
  const message = (MESSAGES[i % MESSAGES.length] as (i: number) => string)(i);
  const kind = i % 8;
  return {
    id: `log:${i}:app:x`,
    timestamp: 1_700_000_000_000 + i,
    kind: 'log',
    level: 'ERROR',
    component: 'app',
    message,
    user_id: `u${i % 1_000}`,
    error: {
      type: 'DatabaseError',
      message: `${kind} failed: ${message}`,
      stack: `DatabaseError: x\n    at query${kind} (/srv/app/src/db.js:${kind}:9)\n${STACK}`,
    },
  };
}

function cpuOf(count: number, prepare: () => (entry: Entry) => void): number {
  const entries = Array.from({ length: Math.max(count, WARM_UP) }, (_, i) => entryOf(i));
  const warm = prepare();
  for (const entry of entries.slice(0, WARM_UP)) warm(entry);
  const add = prepare();
  const before = process.cpuUsage();
  for (const entry of entries) add(entry);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / entries.length;
}

async function measureRules() {
  const server = await startRedisServer();
  try {
    const { redis } = server;
    const keyspace = new Keyspace();
    const windows = 6;
    const seconds = (windows * EVERY_MS) / 1_000;
    const from = Math.floor((Date.now() - 120_000) / EVERY_MS) * EVERY_MS;
    const clock = { now: from };
    const reader = createReader({ redis, keyspace, retentionDays: DEFAULT_RETENTION_DAYS });
    const rules = Array.from({ length: RULES }, (_, i) => ruleOf(i));
    const evaluator = createEvaluator({
      shards: [{ redis, keyspace }],
      store: createAlertStore({ redis, keyspace }),
      reader,
      rules: () => rules,
      hasFile: () => true,
      owner: 'bench',
      now: () => clock.now,
      report: () => {},
      leaseMs: 600_000,
    });
    await evaluator.tick();
    const writer = createEntryWriter({ redis: server.url });
    const total = PER_SECOND * seconds;
    for (let i = 0; i < total; i += 2_000) {
      await writer.write(
        Array.from({ length: 2_000 }, (_, j) => inputOf(i + j, from + ((i + j) * 1_000) / PER_SECOND)),
      );
    }
    await writer.close();
    // What was written is passed over once, as a gateway would have done as it came.
    for (let i = 0; i < 8; i++) await evaluator.tick();
    const cpuBefore = process.cpuUsage();
    const redisBefore = await server.cpuSeconds();
    let longestMs = 0;
    for (let window = 1; window <= windows; window++) {
      clock.now = from + window * EVERY_MS + 5_000;
      const started = performance.now();
      await evaluator.tick();
      longestMs = Math.max(longestMs, performance.now() - started);
    }
    const { user, system } = process.cpuUsage(cpuBefore);
    return {
      gateway: ((user + system) / 1e6 / seconds) * 100,
      redis: (((await server.cpuSeconds()) - redisBefore) / seconds) * 100,
      longestMs,
      windows,
      seconds,
    };
  } finally {
    await server.stop();
  }
}

function inputOf(i: number, timestamp: number): EntryInput {
  return {
    timestamp: Math.floor(timestamp),
    component: `c${i % 500}`,
    level: i % 10 === 0 ? 'ERROR' : 'INFO',
    event: `e${i % 700}`,
    message: `entry ${i}`,
    user_id: `u${i % 50}`,
  };
}

function ruleOf(i: number): AlertRule {
  const isByEvent = i % 2 === 1;
  return {
    id: `r${i}`,
    name: `r${i}`,
    description: undefined,
    severity: 'warning',
    runbook: undefined,
    channels: [],
    isOfFile: true,
    filter: compileFilter(
      isByEvent ? { event: `e${i % 700}` } : { component: `c${i % 500}`, level: 'ERROR' },
    ),
    measure: 'count',
    of: undefined,
    field: 'ms',
    percentile: 95,
    baselineMs: 0,
    marks: () => new Map(),
    minCount: 1,
    operator: '>',
    threshold: 1_000,
    windowMs: 60_000,
    everyMs: EVERY_MS,
    delayMs: 5_000,
    forMs: 0,
    keepFiringForMs: 0,
    cooldownMs: 0,
    lateForMs: 3_600_000,
    groupBy: i % 10 === 0 ? ['user'] : [],
    maxGroups: 100,
    noData: 'ok',
    noDataForMs: 0,
    condition: 'c',
    revision: '1',
  };
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
