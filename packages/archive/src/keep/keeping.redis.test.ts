import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS, DEFAULT_RETENTION_DAYS, type Entry, HOUR_MS } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { describe, expect, test } from 'vitest';
import type { Draft } from '../../../query/src/testing/random-entries.js';
import { NOW, useArchives } from '../testing/archive-suite.js';

const MINUTE_MS = 60_000;

describe.each(TEST_ENGINES)('an archive that is kept tidy, on $name', ({ start }) => {
  const engine = useEngine(start);
  const { open, folders } = useArchives(engine);

  test('expires days that are over, deletes them or moves them', async () => {
    const expiredTo = await mkdtemp(join(tmpdir(), 'tailrace-expired-'));
    folders.push(expiredTo);
    const { archive, store, make, folder } = await open({
      retentionDays: { ...DEFAULT_RETENTION_DAYS, requests: 1 },
      expiredTo,
    });
    await store([0, 3].map((days) => make({ ageMs: days * DAY_MS, kind: 'request', component: 'http' })));
    await archive.seal();
    expect(archive.status().entries).toBe(2);
    const [name = ''] = await readdir(join(folder, 'archive/requests/2024-01-12'));
    await archive.keep();
    expect(archive.status()).toMatchObject({ entries: 1, days: [{ day: '2024-01-15' }] });
    expect(await readdir(join(expiredTo, 'requests/2024-01-12'))).toEqual([name]);
    await expect.poll(() => readdir(join(folder, 'archive/requests/2024-01-12'))).toEqual([]);
  });

  test('names damaged files, answers without them, and says so', async () => {
    const lines: string[] = [];
    const { archive, store, make, folder } = await open({ report: (text) => lines.push(text) });
    const entries = [0, 3].map((days) => make({ ageMs: days * DAY_MS, kind: 'request', component: 'http' }));
    await store(entries);
    await archive.seal();
    const day = join(folder, 'archive/requests/2024-01-15');
    const [name = ''] = await readdir(day);
    await writeFile(join(day, name), 'x');
    const damaged = `requests/2024-01-15/${name}`;
    expect((await archive.verify()).damaged).toEqual([
      { name: damaged, reason: expect.stringContaining('it has 1 bytes of') },
    ]);
    const request = { filter: {}, window: { from: 0, to: NOW }, limit: 10 };
    const page = await archive.reader.search(request);
    expect(page).toMatchObject({
      entries: [entries[1]],
      partial: true,
      reason: expect.stringContaining(damaged),
    });
    expect(lines.join()).toContain(damaged);
    const { entries: counted } = await archive.statistics.summary(request);
    expect(counted).toMatchObject({
      total: 1,
      coverage: { isExact: false, note: expect.stringContaining(damaged) },
    });
    expect(archive.status().lack).toContain(damaged);
  });

  test('over forty days keeps each class as long as it is to be kept, and Redis small', async () => {
    let now = NOW;
    const { archive, store, make, keyspace } = await open({ now: () => now, hotHours: 1 });
    const kinds: Draft[] = [
      { ageMs: 0, kind: 'request', component: 'http', status_code: 200, client_ip: '192.0.2.1' },
      { ageMs: 0, kind: 'log', component: 'app', level: 'ERROR' },
      { ageMs: 0, kind: 'log', component: 'app', event: 'oauth.token' },
      { ageMs: 0, kind: 'log', component: 'app', level: 'AUDIT' },
    ];
    const inRedis: number[] = [];
    for (let day = 0; day < 40; day++) {
      now = NOW + day * DAY_MS;
      await store(kinds.map((draft) => make({ ...draft, ageMs: NOW - now })));
      await archive.keep();
      const [requests, logs] = await Promise.all(
        ['req', 'log'].map((kind) => engine.redis.keys(`${keyspace.base}${kind}:*`)),
      );
      inRedis.push((requests as string[]).length + (logs as string[]).length);
    }
    expect(new Set(inRedis)).toEqual(new Set([kinds.length]));
    await archive.seal();
    const days: Record<string, number> = {};
    for (const { retention, entries } of archive.status().days)
      days[retention] = (days[retention] ?? 0) + entries;
    // Of the day that is not over with the retention there is a part.
    expect(days).toEqual({ requests: 8, errors: 31, oauth: 40, audit: 40 });
    const { bytes, files } = archive.status();
    expect(files).toBe(8 + 31 + 40 + 40);
    expect(bytes).toBeGreaterThan(0);
  }, 120_000);

  test('leaves in Redis what is young, and removes what is sealed with all its places', async () => {
    const { archive, store, make, keyspace } = await open({ hotHours: 1 });
    const entries = [30 * MINUTE_MS, 3 * HOUR_MS].map((ageMs) =>
      make({
        ageMs,
        kind: 'request',
        component: 'http',
        client_ip: '192.0.2.1',
        status_code: 500,
        objects: ['vm-1'],
      }),
    );
    await store(entries);
    await archive.keep();
    const [young, old] = entries as [Entry, Entry];
    const keys = (await engine.redis.keys(`${keyspace.base}*`)).filter((key) => !key.includes('stats:'));
    expect(keys).not.toContain(old.id);
    expect(keys).toContain(young.id);
    for (const key of keys.filter((key) => key.includes('idx:'))) {
      expect(await engine.redis.zrange(key, '0', '-1')).toEqual([young.id]);
    }
    expect(await archive.reader.entry(old.id)).toEqual(old);
  });
});
