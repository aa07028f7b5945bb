import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReader, type Shard } from '@tailrace/query';
import { DEFAULT_RETENTION_DAYS, type EntryInput, Keyspace, placesOf, scoreOf } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { createEntryWriter, type EntryWriter } from '@tailrace/writer';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createAppender,
  createProofStore,
  type LogFinding,
  openProofFolder,
  type ProofFolder,
  type ProofStore,
  verifyLog,
} from '../index.js';

const COUNT = 9;
/** Entries a commit: each has a checkpoint of its own. */
const BATCH = 3;

describe.each(TEST_ENGINES)('the proof of the audit trail on $name', ({ start }) => {
  const engine = useEngine(start);
  let path: string;
  let shard: Shard;
  let folder: ProofFolder;
  let store: ProofStore;
  let writer: EntryWriter;
  let ids: string[];
  let keys: ReadonlyMap<string, Buffer>;

  const inputs = (from: number, count: number): EntryInput[] =>
    Array.from({ length: count }, (_, i) => ({
      level: 'AUDIT',
      component: 'vms',
      message: `step ${from + i} \ud800 é`,
      event: 'vm.step',
      objects: [`vm:${i}`],
      data: { n: from + i, b: [1.5, -0, 'ü\udfff'], a: { z: null, y: 1e21 } },
    }));
  const appender = (owner: string, own = folder) =>
    createAppender({ store, folder: own, owner, report: () => {} });
  const write = async (from: number, count: number): Promise<string[]> => {
    const results = await writer.write(inputs(from, count));
    return results.map((result) => ('id' in result ? result.id : ''));
  };
  const verify = async (withFolder = true) => {
    const { redis, keyspace } = shard;
    return verifyLog({
      store,
      reader: createReader({ redis, keyspace, retentionDays: DEFAULT_RETENTION_DAYS }),
      retentionDays: DEFAULT_RETENTION_DAYS,
      publicKeys: await folder.publicKeys(),
      checkpoints: withFolder ? await folder.checkpoints() : [],
      began: folder.began,
    });
  };
  const restore = async () => {
    const { redis, keyspace } = shard;
    const now = await redis.keys(`${keyspace.base}*`);
    if (now.length > 0) await redis.unlink(...now);
    for (const [key, value] of keys) await redis.restore(key, 0, value);
    await cp(`${path}/signed`, `${path}/folder`, { recursive: true });
  };

  beforeAll(async () => {
    path = await mkdtemp(join(tmpdir(), 'tailrace-proof-'));
    const prefix = engine.newKeyPrefix();
    shard = { redis: engine.redis, keyspace: new Keyspace({ prefix }) };
    folder = await openProofFolder(`${path}/folder`, Date.now() - 60_000);
    store = createProofStore([shard]);
    writer = createEntryWriter({ redis: engine.url, keyPrefix: prefix });
    const one = appender('one');
    ids = [];
    for (let from = 0; from < COUNT; from += BATCH) {
      ids.push(...(await write(from, BATCH)));
      await one.tick();
    }
    await one.close();
    const names = await engine.redis.keys(`${prefix}*`);
    const dumps = await Promise.all(names.map((name) => engine.redis.dumpBuffer(name)));
    await cp(`${path}/folder`, `${path}/signed`, { recursive: true });
    keys = new Map(names.map((name, i) => [name, dumps[i] as Buffer]));
  });
  afterAll(async () => {
    await writer?.close();
    await rm(path, { recursive: true });
  });

  test('what nobody touched is as it was signed', async () => {
    expect(await verify()).toMatchObject({
      size: COUNT,
      proven: COUNT,
      findings: [],
      unsigned: 0,
      before: 0,
    });
  });

  test('what is written since is said to be unsigned, and signed by the next one who appends', async () => {
    const [id] = await write(100, 1);
    expect(await verify()).toMatchObject({ size: COUNT, unsigned: 1, findings: [] });
    const two = appender('two');
    await two.tick();
    expect(await verify()).toMatchObject({ size: COUNT + 1, proven: COUNT + 1, unsigned: 0, findings: [] });
    expect((await store.leaves(COUNT, 1))[0]).toMatchObject({ id, seq: COUNT + 1, place: COUNT });
    await two.close();
    await restore();
  });

  const changes = {
    'an entry is changed': async (place: number) => {
      await shard.redis.hset(ids[place] as string, 'message', 'nothing happened');
      return { kind: 'changed', what: 'entry', place, id: ids[place] };
    },
    'an entry gets a field': async (place: number) => {
      await shard.redis.hset(ids[place] as string, 'user_id', 'mallory');
      return { kind: 'changed', what: 'entry', place, id: ids[place] };
    },
    'an entry is removed': async (place: number) => {
      await shard.redis.unlink(ids[place] as string);
      return { kind: 'removed', what: 'entry', place, id: ids[place] };
    },
    'an entry is hidden from its index': async (place: number) => {
      const { redis, keyspace } = shard;
      for (const name of await redis.keys(`${keyspace.base}idx:*`))
        await redis.zrem(name, ids[place] as string);
      return { kind: 'moved', what: 'entry', place, id: ids[place] };
    },
    'two entries are swapped': async (place: number, other: number) => {
      const [a, b] = [ids[place] as string, ids[other] as string];
      await shard.redis.rename(a, 'swapped');
      await shard.redis.rename(b, a);
      await shard.redis.rename('swapped', b);
      return { kind: 'changed', what: 'entry', place: Math.min(place, other) };
    },
    'an entry is added': async (place: number) => {
      const { redis, keyspace } = shard;
      const id = (ids[place] as string).replace(/.{8}$/, 'forgedid');
      await redis.copy(ids[place] as string, id);
      const timestamp = Number(await redis.hget(id, 'timestamp'));
      const entry = { id, timestamp, kind: 'log', level: 'AUDIT', component: 'vms', message: '' } as const;
      for (const { key, type } of placesOf(entry, { keyspace }))
        if (type === 'zset') await redis.zadd(key, scoreOf(entry), id);
      return { kind: 'added', what: 'entry', id };
    },
    'the last entries are cut off with their leaves and checkpoints': async (place: number) => {
      const { redis, keyspace } = shard;
      const kept = place - (place % BATCH);
      if (kept < COUNT) await redis.unlink(...ids.slice(kept));
      await editTree((leaves) => leaves.slice(0, kept));
      await redis.del(keyspace.proof('state'));
      return { kind: 'removed', what: 'leaf', place: kept };
    },
    'a leaf is removed': async (place: number) => {
      await shard.redis.xdel(shard.keyspace.proof('tree'), `0-${place + 1}`);
      return { kind: 'removed', what: 'leaf', place };
    },
    'a leaf is removed and the others are moved up': async (place: number) => {
      await editTree((leaves) => leaves.toSpliced(place, 1));
      // Its number is missed where the next one stands now; of the last one, the place is.
      return { kind: 'removed', place };
    },
    'a leaf is doubled': async (place: number) => {
      await editTree((leaves) => leaves.toSpliced(place, 0, leaves[place] as string[]));
      return { kind: 'added', what: 'leaf', place: place + 1 };
    },
    'two leaves are swapped': async (place: number, other: number) => {
      await editTree((leaves) =>
        leaves.with(place, leaves[other] as string[]).with(other, leaves[place] as string[]),
      );
      return { what: 'leaf' };
    },
    'a leaf is changed with its entry': async (place: number) => {
      const entry = ids[(place + 1) % COUNT] as string;
      await shard.redis.copy(entry, ids[place] as string, 'REPLACE');
      await editTree((leaves) => leaves.with(place, (leaves[place] as string[]).with(7, 'x'.repeat(43))));
      return { kind: 'changed', what: 'entry', place, id: ids[place] };
    },
    'the checkpoint is of another key': async () => {
      const { redis, keyspace } = shard;
      const note = String(await redis.hget(keyspace.proof('state'), 'checkpoint'));
      await redis.hset(keyspace.proof('state'), 'checkpoint', note.replace(/ (\S)(\S*)\n$/, ' A$2\n'));
      return { kind: 'checkpoint' };
    },
  } satisfies Record<string, (place: number, other: number) => Promise<Partial<LogFinding>>>;

  /** Fields of the leaves in turns, as Redis has them. */
  const editTree = async (edit: (leaves: string[][]) => string[][]) => {
    const { redis, keyspace } = shard;
    const tree = keyspace.proof('tree');
    const leaves = await redis.xrange(tree, '-', '+');
    await redis.del(tree);
    for (const [i, fields] of edit(leaves.map(([, fields]) => fields)).entries())
      await redis.xadd(tree, `0-${i + 1}`, ...fields);
  };

  test.each(Object.entries(changes))('%s: found, and named', async (_, change) => {
    await fc.assert(
      fc
        .asyncProperty(
          fc.uniqueArray(fc.nat(COUNT - 1), { minLength: 2, maxLength: 2 }),
          async ([place, other]) => {
            const expected: Partial<LogFinding> = await change(place as number, other as number);
            const { findings } = await verify();
            expect(findings).toContainEqual(expect.objectContaining(expected));
            // Nothing is named that stands before what was done.
            const places = findings.flatMap((finding) => finding.place ?? []);
            if (expected.place !== undefined) expect(Math.min(...places)).toBe(expected.place);
          },
        )
        .afterEach(restore),
      { numRuns: 8 },
    );
  });

  test('what expired or was cleared is told from what was removed', async () => {
    const { redis } = shard;
    const [cleared, removed] = ids as [string, string];
    await writer.write([
      { level: 'AUDIT', event: 'logs.cleared', message: 'cleared', data: { ids: [cleared] } },
    ]);
    const three = appender('three');
    await three.tick();
    await three.close();
    await redis.unlink(cleared, removed);
    expect(await verify()).toMatchObject({ cleared: 1, findings: [{ kind: 'removed', id: removed }] });
    const later = { ...(await verifyAt(Date.now() + 9_000 * 86_400_000)) };
    expect(later).toMatchObject({ findings: [], expired: 2 });
    await restore();
  });
  const verifyAt = async (now: number) => {
    const { redis, keyspace } = shard;
    const reader = createReader({ redis, keyspace, retentionDays: DEFAULT_RETENTION_DAYS });
    return verifyLog({
      store,
      reader,
      retentionDays: DEFAULT_RETENTION_DAYS,
      publicKeys: await folder.publicKeys(),
      checkpoints: [],
      now: () => now,
    });
  };

  test('a store that lost everything gets its tree back from the folder, and goes on with it', async () => {
    const { redis, keyspace } = shard;
    await redis.unlink(...(await redis.keys(`${keyspace.base}*`)));
    await write(200, 2);
    const four = appender('four');
    await four.tick();
    await four.close();
    const { size, restarts, findings } = await verify();
    expect([size, restarts]).toEqual([COUNT + 2, 0]);
    expect(findings.map(({ kind, id }) => [kind, id])).toEqual(ids.map((id) => ['removed', id]));
    expect((await store.leaves(COUNT, 5)).map(({ seq }) => seq)).toEqual([COUNT + 1, COUNT + 2]);
  });

  test('a trail that was lost is said, and what is in it comes once', async () => {
    const { redis, keyspace } = shard;
    const five = appender('five');
    await five.tick();
    const before = await verify();
    await redis.del(keyspace.proof('trail'));
    await write(300, 2);
    await five.tick();
    await five.tick();
    expect(await verify()).toMatchObject({
      size: before.size + 3,
      proven: before.proven + 2,
      restarts: 1,
      findingCount: before.findingCount,
    });
    await five.close();
  });

  test('a tree that is not the one of the folder is not continued', async () => {
    const { redis, keyspace } = shard;
    const nodes = String(await redis.hget(keyspace.proof('state'), 'nodes'));
    await redis.hset(
      keyspace.proof('state'),
      'nodes',
      nodes.replace(/^./, (one) => (one === 'A' ? 'B' : 'A')),
    );
    await expect(appender('six').tick()).rejects.toThrow('is not the one of');
    await redis.hset(keyspace.proof('state'), 'nodes', nodes);
    await write(400, 1);
    await appender('six').tick();
    expect(await store.trail(0, 0, 10)).toHaveLength(1);
  });
});
