import { type Entry, Keyspace } from '@tailrace/schema';
import { type RunningEngine, TEST_ENGINES } from '@tailrace/test-engines';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTail, type FollowRequest, type Tail, type TailEvent } from './index.js';

describe.each(TEST_ENGINES)('on $name', ({ start }) => {
  let engine: RunningEngine;
  let redis: Redis;
  let spaces = 0;

  beforeAll(async () => {
    engine = await start();
    redis = new Redis(engine.url);
  });
  afterAll(async () => {
    redis.disconnect();
    await engine.stop();
  });

  /** A stream of its own for each test, a tail of it, and what counts its blocking connections. */
  function open(maxBuffered?: number) {
    const keyspace = new Keyspace({ prefix: `t${spaces++}:` });
    const connections: Redis[] = [];
    const connect = () => {
      const connection = new Redis(engine.url, {
        maxRetriesPerRequest: 0,
        autoResendUnfulfilledCommands: false,
      });
      connections.push(connection);
      return connection;
    };
    const tail = createTail({ redis, connect, keyspace, ...(maxBuffered && { maxBuffered }) });
    const write = async (...messages: string[]): Promise<string[]> => {
      const pipeline = redis.pipeline();
      for (const message of messages)
        pipeline.xadd(keyspace.stream(), '*', 'data', JSON.stringify(toEntry(message)));
      return ((await pipeline.exec()) ?? []).map(([, id]) => id as string);
    };
    return { keyspace, tail, connections, write };
  }

  test('every follower gets what is written from its follow on, by its own filter, over one connection', async () => {
    const { tail, connections, write } = open();
    await write('before');
    const ending = new AbortController();
    const all = await follow(tail, { filter: {}, signal: ending.signal });
    const some = await follow(tail, { filter: { q: 'b' }, signal: ending.signal });
    expect(tail.followers).toBe(2);
    await write('a', 'b', 'ab');
    expect(await all.take(3)).toEqual(['a', 'b', 'ab']);
    expect(await some.take(2)).toEqual(['b', 'ab']);
    expect(connections.length).toBe(1);
    ending.abort();
    expect(await all.take(1)).toEqual([]);
    expect(tail.followers).toBe(0);
  });

  test('a follower resumes after a stream id without gap or repeat, while a burst is written', async () => {
    const { tail, write } = open(10_000);
    const before = Array.from({ length: 700 }, (_, i) => `m${i}`);
    const ids = await write(...before);
    const ending = new AbortController();
    const other = await follow(tail, { filter: {}, signal: ending.signal });
    const resumed = await follow(tail, { filter: {}, after: ids[99] ?? '', signal: ending.signal });
    const during = Array.from({ length: 1_000 }, (_, i) => `n${i}`);
    const writing = (async () => {
      for (let i = 0; i < during.length; i += 50) await write(...during.slice(i, i + 50));
    })();
    expect(await resumed.take(1_600)).toEqual([...before.slice(100), ...during]);
    expect(await other.take(1_000)).toEqual(during);
    await writing;
    ending.abort();
  });

  test('a follower that is not read gets a bounded buffer and the count of what it missed', async () => {
    const { tail, write } = open(10);
    const ending = new AbortController();
    const slow = await follow(tail, { filter: {}, signal: ending.signal });
    const quick = await follow(tail, { filter: {}, signal: ending.signal });
    const messages = Array.from({ length: 25 }, (_, i) => `m${i}`);
    for (const message of messages) {
      await write(message);
      expect(await quick.take(1)).toEqual([message]);
    }
    expect(await slow.take(11)).toEqual([...messages.slice(0, 10), 'missed 15']);
    await write('after');
    expect(await slow.take(1)).toEqual(['after']);
    ending.abort();
  });

  test('what is no entry in the stream is passed over', async () => {
    const { keyspace, tail, write } = open();
    const ending = new AbortController();
    const follower = await follow(tail, { filter: { object: 'vm-1' }, signal: ending.signal });
    for (const data of ['{', 'null', '"text"', '{"id":"a","timestamp":1,"objects":7}']) {
      await redis.xadd(keyspace.stream(), '*', 'data', data);
    }
    await redis.xadd(keyspace.stream(), '*', 'other', 'data');
    await write('good');
    expect(await follower.take(1)).toEqual(['good']);
    ending.abort();
  });

  test('a lost connection is made again and nothing is missed', async () => {
    const { tail, connections, write } = open();
    const ending = new AbortController();
    const follower = await follow(tail, { filter: {}, signal: ending.signal });
    await write('one');
    expect(await follower.take(1)).toEqual(['one']);
    connections[0]?.disconnect(true);
    await write('two');
    expect(await follower.take(1)).toEqual(['two']);
    ending.abort();
  });

  test('the connection closes with the last follower and the next one opens another', async () => {
    const { tail, connections, write } = open();
    for (const message of ['first', 'second']) {
      const follower = await follow(tail, { filter: {}, signal: new AbortController().signal });
      await write(message);
      expect(await follower.take(1)).toEqual([message]);
      await follower.leave();
      expect(tail.followers).toBe(0);
    }
    await expect.poll(() => connections.map(({ status }) => status)).toEqual(['end', 'end']);
  });

  test('follow refuses what is no stream id', async () => {
    const { tail } = open();
    const { signal } = new AbortController();
    await expect(tail.follow({ filter: {}, after: 'yesterday', signal })).rejects.toThrow(RangeError);
    expect(tail.followers).toBe(0);
  });
});

/** Follows, and takes events as texts: an entry's message, or `missed {count}`. */
async function follow(tail: Tail, request: FollowRequest) {
  const events = (await tail.follow(request))[Symbol.asyncIterator]();
  return {
    async take(count: number): Promise<string[]> {
      const texts: string[] = [];
      while (texts.length < count) {
        const { value, done } = (await events.next()) as IteratorResult<TailEvent, undefined>;
        if (done === true) break;
        texts.push(value.type === 'entry' ? value.entry.message : `missed ${value.count}`);
      }
      return texts;
    },
    async leave(): Promise<void> {
      await events.return?.();
    },
  };
}

function toEntry(message: string): Entry {
  return {
    id: `log:1:app:${message}`,
    timestamp: 1,
    kind: 'log',
    level: 'INFO',
    component: 'app',
    message,
    objects: ['vm-1'],
  };
}
