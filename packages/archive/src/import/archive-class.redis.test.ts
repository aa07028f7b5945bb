import { compileFilter } from '@tailrace/query';
import { DAY_MS, type Entry } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { describe, expect, test } from 'vitest';
import { NOW, useArchives } from '../testing/archive-suite.js';

const YEAR_MS = 365 * DAY_MS;

describe.each(TEST_ENGINES)('a class of the archive, on $name', ({ start }) => {
  const engine = useEngine(start);
  const { open } = useArchives(engine);
  type Opened = Awaited<ReturnType<typeof open>>;

  const aged = ({ make }: Opened, ...ages: number[]): Entry[] =>
    ages.map((ageMs) => make({ ageMs, kind: 'request', component: 'http' }));
  const found = async ({ reader }: Opened) =>
    (await reader.search({ filter: {}, window: { from: 0, to: NOW }, limit: 100 })).entries;

  test('is found beside what Redis has, once, though it is given twice', async () => {
    const opened = await open();
    const [fresh] = aged(opened, 1_000);
    await opened.store([fresh as Entry]);
    const old = aged(opened, 3 * YEAR_MS, 2 * YEAR_MS);
    await opened.archive.import(old, { name: 'old-access', days: 3_650 });
    await opened.archive.import(old, { name: 'old-access' });
    expect(await found(opened)).toEqual([...old, fresh]);
    expect(await opened.reader.entry(old[0]?.id ?? '')).toEqual(old[0]);
    expect(opened.archive.status()).toMatchObject({
      entries: 2,
      days: [{ retention: 'old-access' }, { retention: 'old-access' }],
    });
    await opened.archive.keep();
    expect(await found(opened)).toEqual([...old, fresh]);
    expect((await opened.archive.verify()).damaged).toEqual([]);
  });

  test('expires by its own days, also in the next process', async () => {
    const opened = await open();
    const old = aged(opened, 400 * DAY_MS, 300 * DAY_MS);
    await opened.archive.import(old, { name: 'a-year', days: 365 });
    await opened.archive.close();
    const next = await open({ folder: opened.folder, keyspace: opened.keyspace });
    await next.archive.keep();
    expect(await found(next)).toEqual(old.slice(1));
  });

  test('is erased by a filter', async () => {
    const opened = await open();
    const old = aged(opened, 2 * YEAR_MS, YEAR_MS);
    await opened.archive.import(old, { name: 'old', days: 3_650 });
    const window = { from: 0, to: NOW - 2 * YEAR_MS };
    for await (const _ of opened.archive.erase(compileFilter({}), window));
    expect(await found(opened)).toEqual(old.slice(1));
  });

  test('is merged within its own class', async () => {
    const opened = await open();
    const old = aged(opened, YEAR_MS + 2, YEAR_MS + 1, YEAR_MS);
    for (const entry of old) await opened.archive.import([entry], { name: 'old', days: 3_650 });
    expect(opened.archive.status().files).toBe(3);
    await opened.archive.keep();
    expect(opened.archive.status()).toMatchObject({ files: 1, days: [{ retention: 'old', entries: 3 }] });
    expect(await found(opened)).toEqual(old);
  });

  test.each([
    [{ name: 'requests', days: 10 }, 'class is "requests"; allowed: '],
    [{ name: '../x', days: 10 }, 'class is "../x"; allowed: '],
    [{ name: 'tmp', days: 10 }, 'class is "tmp"; allowed: '],
    [{ name: 'new' }, 'class "new" is new; the days it is kept must be given with it'],
    [{ name: 'new', days: 0 }, 'days of class "new" is 0; allowed: 1 to 36500'],
    [{ name: 'known', days: 9 }, 'days of class "known" is 9; allowed: the 10 it is kept, or more'],
  ])('%j is refused', async (under, message) => {
    const opened = await open();
    await opened.archive.import(aged(opened, DAY_MS), { name: 'known', days: 10 });
    await expect(opened.archive.import(aged(opened, YEAR_MS), under)).rejects.toThrow(message);
    expect(opened.archive.status().entries).toBe(1);
  });
});
