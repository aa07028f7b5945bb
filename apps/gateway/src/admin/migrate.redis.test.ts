import { createReaderOf, createStatisticsOf, shardsOf } from '@tailrace/query';
import { openStores } from '@tailrace/redis';
import { DEFAULT_RETENTION_DAYS, type Entry, type EntryInput } from '@tailrace/schema';
import {
  hasRedisCluster,
  type RedisCluster,
  type RedisServer,
  startRedisCluster,
  startRedisServer,
} from '@tailrace/test-engines';
import { createEntryWriter } from '@tailrace/writer';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type MigrationProgress, migrate } from './migrate.js';

const skipped = hasRedisCluster ? '' : ' (skipped: no redis-server or redis-cli on PATH)';

describe.skipIf(!hasRedisCluster)(`migrating between a server and a Cluster${skipped}`, () => {
  let cluster: RedisCluster;
  let server: RedisServer;
  let prefixes = 0;
  beforeAll(async () => {
    cluster = await startRedisCluster({ replicasEach: 0 });
    server = await startRedisServer();
  }, 60_000);
  afterAll(async () => {
    await server?.stop();
    await cluster?.stop();
  });

  const newPrefix = () => `m${++prefixes}:`;
  const retentionDays = DEFAULT_RETENTION_DAYS;

  async function write(url: string, keyPrefix: string, inputs: readonly EntryInput[]) {
    const writer = createEntryWriter({ redis: url, keyPrefix });
    const results = await writer.write(inputs);
    await writer.close();
    return results;
  }

  async function open(url: string, prefix: string) {
    const stores = await openStores(url, () => {});
    onTestFinished(() => stores.close());
    const shards = shardsOf(stores, prefix);
    const reader = createReaderOf(shards, { retentionDays });
    const window = { from: 0, to: Date.now() + 1_000 };
    return {
      shards,
      bare: async () => {
        const { entries } = await reader.search({ filter: {}, window, limit: 10_000 });
        const base = /^(\{s\d+\}:)?/;
        return entries.map((entry: Entry) => ({
          ...entry,
          id: entry.id.replace(base, '').slice(prefix.length),
        }));
      },
      figures: () =>
        createStatisticsOf(shards, { retentionDays, reader, exactUpTo: -1 }).summary({ filter: {}, window }),
    };
  }

  async function run(from: string, to: string, prefix: string, report: (text: string) => void = () => {}) {
    const progress: MigrationProgress[] = [];
    const options = { from, to, fromPrefix: prefix, toPrefix: prefix, retentionDays, report };
    for await (const one of migrate(options)) progress.push(one);
    return progress;
  }

  test('copies every entry with its id, order and counters, there and back', async () => {
    const prefix = newPrefix();
    await write(server.url, prefix, inputs(2_300));
    const before = await open(server.url, prefix);
    await before.shards[0]?.redis.hset(`${prefix}settings:levels`, 'table', '{"level":"DEBUG"}');
    const progress = await run(server.url, cluster.url, prefix);
    expect(progress.at(-1)).toEqual({ pass: 2, looked: 2_300, copied: 0, expired: 0, isWhole: true });
    expect(progress.filter(({ pass }) => pass === 1).at(-1)).toMatchObject({ looked: 2_300, copied: 2_300 });
    const there = await open(cluster.url, prefix);
    const source = await before.bare();
    expect(byId(await there.bare())).toEqual(byId(source));
    const { requests, entries } = await there.figures();
    const wanted = await before.figures();
    expect(requests.byStatus).toEqual(wanted.requests.byStatus);
    expect(entries.byLevel).toEqual(wanted.entries.byLevel);
    expect(await there.shards[0]?.redis.hget(`{s0}:${prefix}settings:levels`, 'table')).toBe(
      '{"level":"DEBUG"}',
    );
    const back = newPrefix();
    const options = {
      from: cluster.url,
      to: server.url,
      fromPrefix: prefix,
      toPrefix: back,
      retentionDays,
      report: () => {},
    };
    for await (const _ of migrate(options));
    expect(byId(await (await open(server.url, back)).bare())).toEqual(byId(source));
  }, 60_000);

  test('ended in the middle and run again, while a logger goes on, it has each entry once', async () => {
    const prefix = newPrefix();
    await write(server.url, prefix, inputs(3_000));
    const options = {
      from: server.url,
      to: cluster.url,
      fromPrefix: prefix,
      toPrefix: prefix,
      retentionDays,
      report: () => {},
    };
    for await (const { looked } of migrate(options)) if (looked >= 1_000) break;
    await write(server.url, prefix, inputs(200));
    const progress = await run(server.url, cluster.url, prefix);
    expect(progress[0]?.copied).toBeLessThan(1_000);
    expect(progress.at(-1)).toMatchObject({ looked: 3_200, copied: 0, isWhole: true });
    const there = await open(cluster.url, prefix);
    expect(byId(await there.bare())).toEqual(byId(await (await open(server.url, prefix)).bare()));
    const { entries } = await there.figures();
    expect([...entries.byLevel.values()].reduce((sum, count) => sum + count, 0)).toBe(3_200);
  }, 60_000);

  test('a place that cannot be used is named, without its password', async () => {
    const options = { fromPrefix: '', toPrefix: '', retentionDays, report: () => {} };
    const start = (from: string, to: string) => migrate({ ...options, from, to }).next();
    await expect(start('redis://:secret@127.0.0.1:1', cluster.url)).rejects.toThrow(
      'redis://127.0.0.1:1 cannot be used',
    );
    await expect(start(server.url, 'redis+cluster://:secret@127.0.0.1:1')).rejects.toThrow(
      /redis\+cluster:\/\/127.0.0.1:1 cannot be used: .*no node of the Cluster says/,
    );
    await expect(start(server.url, cluster.nodes[0]?.url as string)).rejects.toThrow(
      'is a node of a Cluster',
    );
  });
});

function byId(entries: readonly Entry[]): Map<string, Entry> {
  return new Map(entries.map((entry) => [entry.id, entry]));
}

let made = 0;

function inputs(count: number): EntryInput[] {
  return Array.from({ length: count }, (_, i) => {
    const number = made++;
    if (i % 4 === 0)
      return { level: 'AUDIT', message: `m${number}`, component: 'worker', objects: [`vm-${i % 9}`] };
    if (i % 4 === 1) return { message: `m${number}`, trace_id: `t${i % 50}`, data: { number } };
    return {
      method: 'GET',
      path: `/p/${number}`,
      client_ip: `192.0.2.${i % 200}`,
      status_code: i % 10 === 2 ? 500 : 200,
      response_time_ms: i,
    };
  });
}
