import { Logger } from '@tailrace/logger/internal';
import { createReader, type SearchRequest } from '@tailrace/query';
import {
  type Cursor,
  DEFAULT_RETENTION_DAYS,
  type Entry,
  type EntryInput,
  Keyspace,
  MAX_ORDER,
} from '@tailrace/schema';
import { useEngine } from '@tailrace/test-engines';
import { createEntryWriter } from '@tailrace/writer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeOnEachEngine } from './testing/engines.js';
import { readStream } from './testing/stored-keys.js';

const BEGIN = Math.floor(Date.now() / 60_000) * 60_000 - 600_000;

describeOnEachEngine('entries of one millisecond', ({ start }) => {
  const engine = useEngine(start);

  function open() {
    const prefix = engine.newKeyPrefix();
    const keyspace = new Keyspace({ prefix });
    const reader = createReader({ redis: engine.redis, keyspace, retentionDays: DEFAULT_RETENTION_DAYS });
    const window = { from: BEGIN - 60_000, to: Date.now() + 60_000 };
    return {
      keyspace,
      writer: createEntryWriter({ redis: engine.url, keyPrefix: prefix }),
      logger: (options: object = {}) =>
        new Logger({ redis: engine.url, keyPrefix: prefix, spoolDir: false, ...options }),
      /** All matches, oldest first, read in pages. */
      async read(limit: number, filter: SearchRequest['filter'] = {}): Promise<Entry[]> {
        const found: Entry[] = [];
        let cursor: Cursor | undefined;
        do {
          const page = await reader.search({ filter, window, limit, cursor });
          found.unshift(...page.entries);
          cursor = page.nextCursor ?? undefined;
        } while (cursor !== undefined);
        return found;
      },
    };
  }

  test('come back in the order they were written, over several requests, whatever their client or component', async () => {
    const input = fc.record({
      timestamp: fc.integer({ min: BEGIN, max: BEGIN + 3 }),
      component: fc.constantFrom('db', 'app', 'zoo', '~'),
      client_ip: fc.constantFrom('192.0.2.9', '192.0.2.10', undefined),
      method: fc.constantFrom('GET', undefined),
      path: fc.constant('/'),
      status_code: fc.constantFrom(200, 404),
    });
    const property = fc.asyncProperty(
      fc.array(fc.array(input, { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 4 }),
      fc.constantFrom(1, 7, 1_000),
      async (requests, limit) => {
        const { writer, read, keyspace } = open();
        for (const inputs of requests) await writer.write(inputs as EntryInput[]);
        const written = requests.flat().map((entry, i) => ({ ...entry, number: i }));
        const ids = (await readStream(engine.redis, keyspace.stream())).map(({ id }) => id);
        const expected = written
          .toSorted((a, b) => a.timestamp - b.timestamp || a.number - b.number)
          .map(({ number }) => ids[number]);
        expect((await read(limit)).map(({ id }) => id)).toEqual(expected);
        const some = await read(limit, { ip: ['192.0.2.9'] });
        expect(some.map(({ id }) => id)).toEqual(
          expected.filter((id) => some.some((entry) => entry.id === id)),
        );
        await writer.close();
      },
    );
    await fc.assert(property, { numRuns: 15 });
  });

  test('that a loop logs are read and followed as they were logged', async () => {
    const { keyspace, logger, read } = open();
    const log = logger();
    for (let i = 0; i < 2_000; i++) {
      log.log('INFO', `step ${i}`, { component: ['db', 'auth', 'app'][i % 3] as string });
    }
    await log.close();
    const steps = Array.from({ length: 2_000 }, (_, i) => `step ${i}`);
    expect((await read(300)).map(({ message }) => message)).toEqual(steps);
    const streamed = await readStream(engine.redis, keyspace.stream());
    expect(streamed.map(({ message }) => message)).toEqual(steps);
  });

  test('that are more than scores keep the order of their lines: an access log of whole seconds, with lines that are late', async () => {
    const { writer, read } = open();
    const lines = Array.from({ length: 12_000 }, (_, i) => {
      const second = Math.floor(i / 6_000) + (i % 10 === 0 ? 0 : 1);
      return {
        timestamp: BEGIN + second * 1_000,
        method: 'GET',
        path: `/${i}`,
        status_code: 200,
        client_ip: `192.0.2.${(i * 7) % 200}`,
      };
    });
    for (let i = 0; i < lines.length; i += 1_000) await writer.write(lines.slice(i, i + 1_000));
    await writer.close();
    const found = await read(1_000);
    const inOrder = lines.toSorted((a, b) => a.timestamp - b.timestamp);
    expect(found.map(({ path }) => path)).toEqual(inOrder.map(({ path }) => path));
    expect(Math.max(...found.map(({ order = 0 }) => order))).toBe(MAX_ORDER);
    const ofClient = await read(13, { ip: ['192.0.2.7'] });
    expect(ofClient.map(({ path }) => path)).toEqual(
      inOrder.filter(({ client_ip }) => client_ip === '192.0.2.7').map(({ path }) => path),
    );
  });
});
