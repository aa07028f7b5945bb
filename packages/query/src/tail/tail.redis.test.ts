import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import type { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { openTail } from '../testing/open-tail.js';

describe.each(TEST_ENGINES)('on $name', ({ start }) => {
  const engine = useEngine(start);

  const open = (options = {}) => openTail(engine.redis, engine.url, options);
  const numbered = (letter: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${letter}${i}`);

  test('every follower gets what is written from its follow on, by its own filter, over one connection', async () => {
    const { tail, connections, write, follow } = open();
    await write('before');
    const all = await follow();
    const some = await follow({ filter: { q: 'b' } });
    expect(tail.followers).toBe(2);
    await write('a', 'b', 'ab');
    expect(await all.take(3)).toEqual(['a', 'b', 'ab']);
    expect(await some.take(2)).toEqual(['b', 'ab']);
    expect(connections.length).toBe(1);
    all.following.leave();
    expect(await all.take(1)).toEqual([]);
    expect(tail.followers).toBe(1);
    tail.close();
    expect(await some.take(1)).toEqual([]);
  });

  test('a follower resumes after a stream id without gap or repeat, while a burst is written', async () => {
    const { tail, write, follow } = open();
    const before = numbered('m', 2_700);
    const ids = await write(...before);
    const other = await follow();
    const during = numbered('n', 3_000);
    const writing = (async () => {
      for (let i = 0; i < during.length; i += 50) await write(...during.slice(i, i + 50));
    })();
    const resumed = await Promise.all(
      [99, 1_500, 2_699].map(async (at) => ({ at, follower: await follow({ after: ids[at] }) })),
    );
    for (const { at, follower } of resumed) {
      expect(await follower.take(2_699 - at + 3_000)).toEqual([...before.slice(at + 1), ...during]);
    }
    expect(await other.take(3_000)).toEqual(during);
    await writing;
    expect(await resumed[0]?.follower.rest()).toEqual([]);
    tail.close();
  });

  test('a follower begins with the last matches and goes on without gap or repeat', async () => {
    const { tail, write, follow } = open();
    const before = numbered('m', 2_500);
    await write(...before);
    const writing = (async () => {
      for (const message of numbered('n', 300)) await write(message);
    })();
    const last = await follow({ last: 10 });
    const rare = await follow({ last: 3, filter: { q: '99' } });
    const all = await follow({ last: 1_000, filter: { q: 'm1' } });
    await writing;
    await write('end99 m1');
    const seen = await last.rest();
    const written = [...before, ...numbered('n', 300), 'end99 m1'];
    expect(seen).toEqual(written.slice(written.indexOf(seen[0] as string)));
    expect(seen.length).toBeGreaterThanOrEqual(11);
    const seenRarely = await rare.rest();
    const rareWritten = written.filter((message) => message.includes('99'));
    expect(seenRarely).toEqual(rareWritten.slice(rareWritten.indexOf(seenRarely[0] as string)));
    expect(seenRarely.length).toBeGreaterThanOrEqual(4);
    expect((await all.rest()).length).toBe(1_001);
    tail.close();
  });

  test('a follower that is not read gets a bounded buffer and the exact count of what it missed', async () => {
    const { tail, write, follow } = open({ maxBufferedSize: 6_000 });
    const slow = await follow();
    const quick = await follow();
    const messages = numbered('m', 50);
    for (const message of messages) {
      await write(message);
      expect(await quick.take(1)).toEqual([message]);
    }
    const seen = await slow.rest();
    expect(seen.slice(0, -1)).toEqual(messages.slice(0, seen.length - 1));
    expect(seen.length).toBeLessThan(20);
    expect(seen.at(-1)).toBe(`missed ${50 - (seen.length - 1)}`);
    await write('after');
    expect(await slow.take(1)).toEqual(['after']);
    tail.close();
  });

  test('what is no entry in the stream is passed over', async () => {
    const { redis } = engine;
    const { key, tail, write, follow } = open();
    const follower = await follow({ filter: { object: 'vm-1' } });
    for (const data of ['{', 'null', '"text"', '{"id":"a","timestamp":1,"objects":7}']) {
      await redis.xadd(key, '*', 'data', data);
    }
    await redis.xadd(key, '*', 'other', 'data');
    await write('good');
    expect(await follower.take(1)).toEqual(['good']);
    tail.close();
  });

  test('a lost connection is made again, followers are told, and nothing is missed', async () => {
    const { tail, connections, write, follow } = open();
    const follower = await follow();
    await write('one');
    expect(await follower.take(1)).toEqual(['one']);
    connections[0]?.disconnect(true);
    await write('two');
    expect(await follower.take(1)).toEqual(['two']);
    expect(await follower.rest()).toEqual([]);
    expect(follower.statuses).toEqual(['down', 'up']);
    tail.close();
  });

  test('what a promoted replica is given again comes once to those who had it, and whoever comes back goes on', async () => {
    const { redis } = engine;
    const { key, tail, connections, write, follow } = open();
    const follower = await follow();
    await write('one', 'lost');
    expect(await follower.take(2)).toEqual(['one', 'lost']);
    const [[id = '', fields = []] = []] = await redis.xrevrange(key, '+', '-', 'COUNT', 1);
    const [[before = ''] = []] = await redis.xrevrange(key, `(${id}`, '-', 'COUNT', 1);
    connections[0]?.disconnect(true);
    while (follower.statuses.at(-1) !== 'up') await follower.rest();
    await redis.xadd(key, '*', ...fields);
    await write('new');
    expect(await follower.take(1)).toEqual(['new']);
    expect(await follower.rest()).toEqual([]);
    const later = await follow({ after: before });
    expect((await later.take(3)).at(-1)).toBe('new');
    tail.close();
  });

  test('the connection closes with the last follower and the next one opens another', async () => {
    const { tail, connections, write, follow } = open();
    for (const message of ['first', 'second']) {
      const { take, following } = await follow();
      await write(message);
      expect(await take(1)).toEqual([message]);
      following.leave();
      expect(tail.followers).toBe(0);
    }
    await expect.poll(() => connections.map(({ status }) => status)).toEqual(['end', 'end']);
  });

  test('the position moves on also while nothing matches, and whoever comes back with it misses nothing', async () => {
    const { tail, write, follow } = open();
    const { following } = await follow({ filter: { q: 'never' } });
    const ids = await write('a', 'b');
    await expect.poll(() => following.position).toBe(ids[1]);
    const { position } = following;
    following.leave();
    await write('c');
    const resumed = await follow({ after: position });
    expect(await resumed.take(1)).toEqual(['c']);
    tail.close();
  });

  test('follow refuses what is no stream id and no number of entries', async () => {
    const { tail } = open();
    await expect(tail.follow({ filter: {}, after: 'yesterday' })).rejects.toThrow(RangeError);
    await expect(tail.follow({ filter: {}, last: 1_001 })).rejects.toThrow(RangeError);
    expect(tail.followers).toBe(0);
  });

  describe('gaps', () => {
    test('an id the stream no longer reaches back to is a gap, and what is left comes', async () => {
      const { key, tail, write, follow } = open();
      const ids = await write(...numbered('m', 10));
      await engine.redis.xtrim(key, 'MAXLEN', 4);
      const gone = await follow({ after: ids[2] });
      expect(await gone.rest()).toEqual(['gap trimmed null', 'm6', 'm7', 'm8', 'm9']);
      const all = await follow({ after: '0-0' });
      expect(await all.rest()).toEqual(['gap trimmed 6', 'm6', 'm7', 'm8', 'm9']);
      const none = await follow({ after: ids[6] });
      expect(await none.rest()).toEqual(['m7', 'm8', 'm9']);
      tail.close();
    });

    test('an id of a stream that was removed is a gap, and all of the new one comes', async () => {
      const { redis } = engine;
      const { key, tail, write, follow } = open();
      await redis.xadd(key, '9999999999999-0', 'data', '{}');
      await redis.del(key);
      const [, last = ''] = await write('a', 'b');
      const later = await follow({ after: '9999999999999-0' });
      expect(await later.rest()).toEqual(['gap restarted null', 'a', 'b']);
      const earlier = await follow({ after: '1-0' });
      expect(await earlier.rest()).toEqual(['gap restarted null', 'a', 'b']);
      expect(await (await follow({ after: last })).rest()).toEqual([]);
      tail.close();
    });

    test('whoever follows is told when the stream is removed, and gets what is written then, also under smaller ids', async () => {
      const { redis } = engine;
      const { key, tail, follow } = open();
      const entry = (message: string) =>
        JSON.stringify({ id: `log:1:app:${message}`, timestamp: 1, message });
      await redis.xadd(key, '5000-0', 'data', entry('old'));
      const follower = await follow();
      await redis.del(key);
      expect(await follower.take(1)).toEqual(['gap restarted null']);
      await redis.xadd(key, '7-0', 'data', entry('new'));
      await redis.xadd(key, '8-0', 'data', entry('newer'));
      expect(await follower.take(2)).toEqual(['new', 'newer']);
      await redis.del(key);
      await redis.xadd(key, '3-0', 'data', entry('newest'));
      expect(await follower.take(2)).toEqual(['gap restarted null', 'newest']);
      tail.close();
    });

    test('what was trimmed while the reader was away is counted', async () => {
      const { key, tail, connections, write, follow } = open();
      const follower = await follow();
      await write('a');
      expect(await follower.take(1)).toEqual(['a']);
      const connection = connections[0] as Redis;
      const connect = connection.connect.bind(connection);
      let isTrimmed: () => void = () => undefined;
      const trimmed = new Promise<void>((resolve) => {
        isTrimmed = resolve;
      });
      connection.connect = () => trimmed.then(() => connect());
      connection.disconnect();
      // The read that is open still gets what is written before.
      await expect.poll(() => connection.status).toBe('end');
      await write(...numbered('m', 10));
      await engine.redis.xtrim(key, 'MAXLEN', 3);
      isTrimmed();
      expect(await follower.take(4)).toEqual(['gap trimmed 7', 'm7', 'm8', 'm9']);
      tail.close();
    });
  });
});
