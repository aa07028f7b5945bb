import { createDeliveryReader, createReader } from '@tailrace/query';
import { DEFAULT_RETENTION_DAYS, Keyspace } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { createEntryWriter } from '@tailrace/writer';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createLossRecorder } from './record-losses.js';

describe.each(TEST_ENGINES)('what writers lost, on $name', ({ start }) => {
  const engine = useEngine(start);

  test('is an audit entry, once for all gateways, and again when more was lost', async () => {
    const { redis } = engine;
    const prefix = engine.newKeyPrefix();
    const keyspace = new Keyspace({ prefix });
    const writer = createEntryWriter({ redis: engine.url, keyPrefix: prefix });
    onTestFinished(() => writer.close());
    const recorder = () =>
      createLossRecorder({ delivery: createDeliveryReader({ redis, keyspace }), writer });
    const reader = createReader({ redis, keyspace, retentionDays: DEFAULT_RETENTION_DAYS });
    const said = async () => {
      const window = { from: 0, to: Date.now() + 1_000 };
      const { entries } = await reader.search({ filter: { event: 'entries.lost' }, window, limit: 10 });
      return entries.map(({ level, data }) => [level, data?.dropped]);
    };
    const lose = async (count: number) => {
      await redis.hset(keyspace.writer('w1'), {
        last_seen: Date.now(),
        accepted: 9,
        dropped_queue_full: count,
      });
      await redis.zadd(keyspace.writers(), Date.now(), 'w1');
    };
    await lose(0);
    const [one, two] = [recorder(), recorder()];
    await one();
    expect(await said()).toEqual([]);
    await lose(3);
    await one();
    await one();
    await two();
    expect(await said()).toEqual([['AUDIT', { queue_full: 3 }]]);
    await lose(4);
    await two();
    expect(await said()).toEqual([
      ['AUDIT', { queue_full: 3 }],
      ['AUDIT', { queue_full: 4 }],
    ]);
  });
});
