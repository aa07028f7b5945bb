import { Keyspace } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { describe, expect, it } from 'vitest';
import { createEntryWriter, type EntryWriter } from './entry-writer.js';

describe.each(TEST_ENGINES)('entries with ids of their own on $name', ({ start }) => {
  const engine = useEngine(start);

  function setUp(writers: number) {
    const { redis } = engine;
    const keyPrefix = engine.newKeyPrefix();
    const keyspace = new Keyspace({ prefix: keyPrefix });
    const made = Array.from({ length: writers }, () => createEntryWriter({ redis: engine.url, keyPrefix }));
    const stored = async () => {
      const stream = (await redis.xrange(keyspace.stream(), '-', '+')).map(
        ([, [, json = '']]) => (JSON.parse(json) as { message: string }).message,
      );
      const hashes = await redis.keys(`${keyPrefix}log:*`);
      const all = await redis.zrange(`${keyPrefix}idx:req:component:app`, '0', '-1');
      const hours = await redis.keys(`${keyPrefix}stats:requests:*`);
      const counts = await Promise.all(hours.map((hour) => redis.hget(hour, 'log_INFO')));
      const counted = counts.reduce((sum, count) => sum + Number(count), 0);
      return { stream: stream.sort(), hashes: hashes.length, indexed: all.length, counted };
    };
    const account = async () => {
      const ids = await redis.zrange(keyspace.writers(), '0', '-1');
      return Promise.all(ids.map((id) => redis.hgetall(keyspace.writer(id))));
    };
    const close = () => Promise.all(made.map((writer) => writer.close()));
    return { writers: made as [EntryWriter, EntryWriter], keyspace, stored, account, close };
  }

  const idsOf = (count: number, from = 0) =>
    Array.from({ length: count }, (_, i) => `own-id-of-sender-${from + i}`);
  const entriesOf = (count: number, from = 0) =>
    Array.from({ length: count }, (_, i) => ({ message: `m${from + i}` }));

  it('are stored once, whatever came with them before, and are told by the id they have', async () => {
    const { writers, stored, account, close } = setUp(1);
    const [writer] = writers;
    const first = await writer.write(entriesOf(3), { ownIds: idsOf(3) });
    const again = await writer.write(entriesOf(600), { ownIds: idsOf(600) });
    expect(again.slice(0, 3)).toEqual(first.map((result) => ({ ...result, isStoredBefore: true })));
    expect(again.slice(3).every((result) => 'id' in result && result.isStoredBefore === undefined)).toBe(
      true,
    );
    expect(await stored()).toEqual({
      stream: entriesOf(600)
        .map(({ message }) => message)
        .sort(),
      hashes: 600,
      indexed: 600,
      counted: 600,
    });
    await writer.write([{ message: 'last' }]);
    expect(await account()).toMatchObject([{ accepted: '601', written: '601' }]);
    await close();
  });

  it('twice in one request are one entry', async () => {
    const { writers, stored, close } = setUp(1);
    const ownIds = ['the-same-own-id-1', 'another-own-id-02', 'the-same-own-id-1'];
    const results = await writers[0].write(entriesOf(3), { ownIds });
    const [first, , third] = results;
    expect(third).toEqual({ ...first, isStoredBefore: true });
    expect((await stored()).stream).toEqual(['m0', 'm1']);
    await close();
  });

  it('sent by two gateways at once are stored once, and both tell the same ids', async () => {
    const { writers, stored, close } = setUp(2);
    const options = { ownIds: idsOf(900) };
    const [one, two] = await Promise.all(writers.map((writer) => writer.write(entriesOf(900), options)));
    const ids = (results = one) => results?.map((result) => 'id' in result && result.id);
    expect(ids(two)).toEqual(ids(one));
    expect(await stored()).toMatchObject({ hashes: 900, indexed: 900, counted: 900 });
    expect((await stored()).stream).toHaveLength(900);
    await close();
  });

  it('refuse none but themselves: what is too old beside them stays refused', async () => {
    const { writers, stored, close } = setUp(1);
    const old = { message: 'old', timestamp: 1 };
    const options = { ownIds: ['own-id-of-sender-0', 'own-id-of-the-old'] };
    const [first] = await writers[0].write([{ message: 'm0' }, old], options);
    expect(await writers[0].write([{ message: 'm0' }, old], options)).toEqual([
      { ...first, isStoredBefore: true },
      { refused: { code: 'entry_too_old', message: expect.stringContaining('1970') } },
    ]);
    expect((await stored()).stream).toEqual(['m0']);
    await close();
  });

  it('are known as long as the entry is kept', async () => {
    const { writers, keyspace, close } = setUp(1);
    const [result] = await writers[0].write([{ message: 'm' }], { ownIds: ['own-id-of-sender-0'] });
    const id = result !== undefined && 'id' in result ? result.id : '';
    const key = keyspace.ownId('own-id-of-sender-0');
    expect(await engine.redis.get(key)).toBe(id);
    expect(await engine.redis.ttl(key)).toBe(await engine.redis.ttl(id));
    await close();
  });
});
