import {
  decodeEntry,
  decodeStreamEntry,
  type Entry,
  Keyspace,
  keyValue,
  placesOf,
  scoreOf,
} from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveWriterOptions } from '../writer-options.js';
import { chunkEntries } from './batch.js';
import { RedisWriter } from './redis-writer.js';

function entries(count: number): Entry[] {
  return Array.from({ length: count }, (_, i) => ({
    id: '',
    timestamp: Date.now(),
    kind: 'request' as const,
    level: 'INFO' as const,
    component: 'http',
    message: '',
    client_ip: `192.0.2.${i % 200}`,
    method: 'GET',
    path: '/',
    status_code: 200,
    response_time_ms: i,
  }));
}

describe.each(TEST_ENGINES)('RedisWriter on $name', ({ start }) => {
  const engine = useEngine(start);

  function setUp() {
    const { redis } = engine;
    const keyPrefix = engine.newKeyPrefix();
    const options = resolveWriterOptions({ redis: engine.url, keyPrefix });
    const writer = new RedisWriter({
      options,
      now: Date.now,
      report: (error) => {
        throw new Error(error.message);
      },
    });
    const total = async () => {
      const hours = await redis.keys(`${keyPrefix}stats:requests:*`);
      const counts = await Promise.all(hours.map((hour) => redis.hget(hour, 'total')));
      return counts.reduce((sum, count) => sum + Number(count), 0);
    };
    return { writer, keyspace: new Keyspace({ prefix: keyPrefix }), total };
  }

  it('writes a batch that is sent twice only once', async () => {
    const { redis } = engine;
    const { writer, keyspace, total } = setUp();
    const batch = writer.number(entries(600));
    expect(batch.chunks.length).toBeGreaterThan(1);
    await (await writer.send(batch, [])).applied;
    batch.applied = 0;
    await (await writer.send(batch, [])).applied;
    expect(await redis.xlen(keyspace.stream())).toBe(600);
    expect(await total()).toBe(600);
    expect(await redis.hget(keyspace.writer(writer.id), 'written')).toBe('600');
    writer.close();
  });

  it('goes on from the call that is open when a part of a batch was applied', async () => {
    const { writer, keyspace, total } = setUp();
    const batch = writer.number(entries(1_000));
    // As after a lost connection: the first chunk got through, nobody knows of it.
    const first = structuredClone(batch.chunks.slice(0, 1));
    await (await writer.send({ ...batch, chunks: first }, [])).applied;
    await (await writer.send(batch, [])).applied;
    expect(await engine.redis.xlen(keyspace.stream())).toBe(1_000);
    expect(await total()).toBe(1_000);
    writer.close();
  });

  it('does not take a later chunk while an earlier one is missing', async () => {
    const { redis } = engine;
    const { writer, keyspace } = setUp();
    const batch = writer.number(entries(600));
    await redis.config('SET', 'maxmemory', '1');
    await expect((await writer.send(batch, [])).applied).rejects.toThrow(/OOM/);
    await redis.config('SET', 'maxmemory', '0');
    expect(await redis.exists(keyspace.stream(), keyspace.writer(writer.id))).toBe(0);
    await (await writer.send(batch, [])).applied;
    expect(await redis.xlen(keyspace.stream())).toBe(600);
    writer.close();
  });

  it('applies a batch sent behind another only when that one is applied', async () => {
    const { redis } = engine;
    const { writer, keyspace } = setUp();
    const [lost, behind] = [writer.number(entries(300)), writer.number(entries(300))];
    await expect(writer.sendBehind(behind, [])).rejects.toThrow('an earlier chunk of the batch is missing');
    expect(await redis.exists(keyspace.stream())).toBe(0);
    await Promise.all([(await writer.send(lost, [])).applied, writer.sendBehind(behind, [])]);
    const messages = (await redis.xrange(keyspace.stream(), '-', '+')).map(([, [, json]]) => json as string);
    const ids = [...lost.chunks, ...behind.chunks].flatMap(chunkEntries).map(({ id }) => id);
    expect(messages.map((json) => decodeStreamEntry(json)?.id)).toEqual(ids);
    writer.close();
  });

  it('stores a text longer than the server keeps compact in pieces, and whole where the server allows it', async () => {
    const { redis } = engine;
    const { keyspace } = setUp();
    const userAgent = 'Mozilla/5.0 '.repeat(12);
    for (const [bytes, fields] of [
      ['20', { user_agent: userAgent.slice(0, 64), 'user_agent~1': userAgent.slice(64, 128) }],
      ['64', { user_agent: userAgent.slice(0, 64), 'user_agent~1': userAgent.slice(64, 128) }],
      ['1024', { user_agent: userAgent }],
    ] as const) {
      await redis.config('SET', 'hash-max-listpack-value', bytes);
      const writer = new RedisWriter({
        options: resolveWriterOptions({ redis: engine.url, keyPrefix: keyspace.base }),
        now: Date.now,
        report: () => undefined,
      });
      const [first, ...rest] = entries(1);
      const entry = { ...(first as Entry), user_agent: userAgent };
      // The first batch learns what the server keeps compact.
      await (await writer.send(writer.number(entries(1)), [])).applied;
      await (await writer.send(writer.number([entry, ...rest]), [])).applied;
      expect(await redis.hgetall(entry.id)).toMatchObject(fields);
      expect(await redis.object('ENCODING', entry.id)).toBe(bytes === '20' ? 'hashtable' : 'listpack');
      writer.close();
    }
  });

  it('stores a lone surrogate as U+FFFD wherever it stands, and indexes it as it stores it', async () => {
    const { redis } = engine;
    const { writer, keyspace } = setUp();
    const lone = { user_id: 'u\ud800', trace_id: '\udfff-t', objects: ['vm\ud800'] };
    const data = { 'a\ud800': ['\ud83d', { text: '\\ud800 😀\udc00' }] };
    const entry: Entry = { ...(entries(1)[0] as Entry), ...lone, data };
    await (await writer.send(writer.number([entry]), [])).applied;
    const stored = { user_id: 'u\ufffd', trace_id: '\ufffd-t', objects: ['vm\ufffd'] };
    const storedData = { 'a\ufffd': ['\ufffd', { text: '\\ud800 😀\ufffd' }] };
    const read = decodeEntry(entry.id, await redis.hgetall(entry.id)) as Entry;
    expect(read).toMatchObject({ ...stored, data: storedData });
    const [[, fields] = []] = await redis.xrange(keyspace.stream(), '-', '+');
    expect(decodeStreamEntry(fields?.[1] as string)).toMatchObject({ ...stored, data: storedData });
    for (const { key } of placesOf(read, { keyspace, indexSettings: { slowMs: 0 } })) {
      if (/:(trace|object|user):/.test(key)) expect(await redis.zscore(key, entry.id), key).not.toBeNull();
    }
    writer.close();
  });

  it('stores every text so that hash, stream and indexes give it back', async () => {
    const { redis } = engine;
    const { writer, keyspace } = setUp();
    // Around the 64 bytes at which a text is stored in pieces, with and without what JSON must escape.
    const unit = fc.constantFrom(
      'a',
      'B',
      '7',
      ' ',
      '"',
      '\\',
      '\n',
      'é',
      '€',
      '😀',
      '\u0000',
      '\x7f',
      '~',
      '{',
    );
    const text = fc.oneof(
      fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 200 }),
      fc.string({ unit, minLength: 1, maxLength: 200 }),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }),
      fc.integer({ min: 60, max: 70 }).map((size) => 'é'.repeat(size / 2) + 'x'.repeat(size % 2)),
    );
    const arbitrary = fc.record(
      {
        path: text,
        user_agent: text,
        user_id: text,
        session_id: text,
        client_hostname: text,
        data: fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(arbitrary, { minLength: 1, maxLength: 20 }), async (given) => {
        const written = entries(given.length).map((entry, i) =>
          wellFormed({ ...entry, ...given[i] } as Entry),
        );
        await (await writer.send(writer.number(structuredClone(written)), [])).applied;
        const streamed = await redis.xrevrange(keyspace.stream(), '+', '-', 'COUNT', written.length);
        const inOrder = streamed
          .reverse()
          .map(([, fields]) => decodeStreamEntry(fields[1] as string) as Entry);
        for (const [i, entry] of written.entries()) {
          const { id, message, order } = inOrder[i] as Entry;
          expect(inOrder[i]).toEqual({ ...entry, id, message, order });
          expect(decodeEntry(id, await redis.hgetall(id))).toEqual(inOrder[i]);
          for (const [name, value] of [
            ['user', entry.user_id],
            ['session', entry.session_id],
            ['fqdn', entry.client_hostname],
          ]) {
            if (value === undefined) continue;
            const key = `${keyspace.base}idx:req:${name}:${keyValue(value)}`;
            expect(await redis.zscore(key, id), key).toBe(
              String(scoreOf({ timestamp: entry.timestamp, order })),
            );
            expect(await redis.ttl(key), key).toBeGreaterThan(0);
          }
        }
      }),
      { numRuns: 40 },
    );
    writer.close();
  });
});

/** As the logger builds them: lone surrogates are replaced when they are stored; what JSON cannot say is not there. */
function wellFormed(entry: Entry): Entry {
  return JSON.parse(JSON.stringify(entry), (_, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  );
}
