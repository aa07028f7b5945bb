import type { Entry } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTail, type Following } from '../tail/tail.js';
import type { TailEvent } from '../tail/tail-event.js';
import { openShards } from '../testing/open-shards.js';
import { eventId, positionsOf } from './shard-positions.js';
import { createShardedTail } from './sharded-tail.js';

const SHARDS = 4;

describe.each(TEST_ENGINES)('the tail of several shards, on $name', ({ start }) => {
  const engine = useEngine(start);

  function open() {
    const { redis, url } = engine;
    const { shards } = openShards(redis, engine.newKeyPrefix(), SHARDS);
    const connect = () => {
      const connection = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => 50 });
      connection.on('error', () => {});
      return connection;
    };
    const tail = createShardedTail(shards.map((shard) => createTail({ ...shard, connect })));
    onTestFinished(() => tail.close());
    let written = 0;
    return {
      tail,
      shards,
      async write(shard: number, ...messages: string[]) {
        const key = (shards[shard] as (typeof shards)[number]).keyspace.stream();
        for (const message of messages) {
          const entry: Entry = {
            id: `{s${shard}}:log:1:app:${written++}`,
            timestamp: 1,
            kind: 'log',
            level: 'INFO',
            component: 'app',
            message,
          };
          await redis.xadd(key, '*', 'data', JSON.stringify(entry));
        }
      },
    };
  }

  async function take(following: Following, count: number) {
    const events: TailEvent[] = [];
    while (events.length < count) {
      const more = await following.next(5_000);
      if (more === undefined) break;
      events.push(...more);
    }
    return events;
  }
  const messages = (events: readonly TailEvent[]) =>
    events.map((event) => (event.type === 'entry' ? event.entry.message : event.type));
  const idOf = (event: TailEvent | undefined) => (event?.type === 'entry' ? event.streamId : '');

  test('what is written comes in the order it was written in, whatever the shard', async () => {
    const { tail, write } = open();
    const following = await tail.follow({ filter: {} });
    const wanted: string[] = [];
    for (let i = 0; i < 40; i++) {
      wanted.push(`m${i}`);
      await write((i * 7) % SHARDS, `m${i}`);
      // Another millisecond: within one, shards have their own order.
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(messages(await take(following, 40))).toEqual(wanted);
    following.leave();
  });

  test('the id of any event goes on behind it, on all shards', async () => {
    const { tail, write } = open();
    const first = await tail.follow({ filter: {} });
    for (let i = 0; i < 20; i++) await write(i % SHARDS, `m${i}`);
    const events = await take(first, 20);
    first.leave();
    await write(1, 'late');
    for (const at of [0, 7, 19]) {
      const resumed = await tail.follow({ filter: {}, after: idOf(events[at]) });
      const rest = await take(resumed, 20 - at);
      expect(messages(rest).toSorted()).toEqual([...messages(events.slice(at + 1)), 'late'].toSorted());
      resumed.leave();
    }
  });

  test('a position that was told in a silence goes on exactly as well', async () => {
    const { tail, write } = open();
    await write(0, 'before');
    const first = await tail.follow({ filter: {} });
    const { position } = first;
    first.leave();
    await write(2, 'between');
    const resumed = await tail.follow({ filter: {}, after: position });
    expect(messages(await take(resumed, 1))).toEqual(['between']);
    resumed.leave();
  });

  test('begins with the last of all shards together, then what comes', async () => {
    const { tail, write } = open();
    for (let i = 0; i < 12; i++) {
      await write(i % 3 === 0 ? 0 : 3, `m${i}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const following = await tail.follow({ filter: {}, last: 5 });
    await write(1, 'new');
    expect(messages(await take(following, 6))).toEqual(['m7', 'm8', 'm9', 'm10', 'm11', 'new']);
    following.leave();
  });

  test('the id of another kind of store begins with a gap, and goes on', async () => {
    const { tail, write } = open();
    for (const after of ['1705314645123-0', eventId('1705314645123-0', ['0-0'])]) {
      const following = await tail.follow({ filter: {}, after });
      await write(1, 'new');
      const [gap, entry] = await take(following, 2);
      expect(gap).toMatchObject({ type: 'gap', reason: 'restarted', after });
      expect(messages([entry as TailEvent])).toEqual(['new']);
      following.leave();
    }
    await expect(tail.follow({ filter: {}, after: 'nonsense' })).rejects.toThrow(
      'after is "nonsense"; allowed',
    );
  });

  test('a reader that does not take holds no more than there is room for, and then goes on', async () => {
    const { tail, write } = open();
    const following = await tail.follow({ filter: {} });
    const wanted = Array.from({ length: 1_500 }, (_, i) => `m${i}`);
    await write(2, ...wanted);
    expect(messages(await take(following, 1_500))).toEqual(wanted);
    following.leave();
  }, 30_000);
});

test('positions of shards are one short text, and nothing else is taken for them', () => {
  const positions = [
    '1705314645123-0',
    '0-0',
    '18446744073709551615-18446744073709551615',
    '1705314645123-42',
  ];
  const id = eventId(positions[0] as string, positions);
  expect(id).toBe('1705314645123-0~lresb5hf..3w5e11264sgsf_3w5e11264sgsf.lresb5hf_16');
  expect(positionsOf(id, 4)).toEqual(positions);
  for (const other of ['1705314645123-0', `${id}.`, '1-0~...!', '1-0~_1...', '1-0~zzzzzzzzzzzzz...'])
    expect(positionsOf(other, 4)).toBeUndefined();
});
