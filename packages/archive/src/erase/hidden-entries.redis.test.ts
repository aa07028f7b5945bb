import { compileFilter } from '@tailrace/query';
import { DEFAULT_RETENTION_DAYS } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { describe, expect, test } from 'vitest';
import { drafts, NOW, useArchives } from '../testing/archive-suite.js';

const WINDOW = { from: 0, to: NOW + 1_000 };
const LATER = NOW + (Math.max(...Object.values(DEFAULT_RETENTION_DAYS)) + 1) * 86_400_000;

describe.each(TEST_ENGINES)('hidden entries of an archive on $name', ({ start }) => {
  const engine = useEngine(start);
  const { open } = useArchives(engine);

  async function filled(options = {}) {
    const opened = await open(options);
    const entries = drafts(24, 24).map(opened.make);
    await opened.store(entries);
    const ids = async () => {
      const { reader } = opened.archive;
      const page = await reader.search({ filter: {}, window: WINDOW, limit: 1_000 });
      return { ids: page.entries.map(({ id }) => id), total: page.total };
    };
    return { ...opened, entries, ids };
  }

  test.each(['unsealed', 'sealed'])(
    'are in no page, no total and no figure while they are %s, and come back',
    async (state) => {
      const { archive, ids } = await filled();
      if (state === 'sealed') await archive.seal();
      const before = await ids();
      const [gone = '', second = ''] = before.ids;
      const figures = () =>
        archive.statistics.histogram({ filter: {}, window: WINDOW, buckets: 1, split: 'none' });
      const counted = (await figures()).buckets[0]?.count as number;
      await archive.hide(gone);
      await archive.hide(gone);
      await archive.hide(second);
      const after = await ids();
      expect(after.ids).toEqual(before.ids.slice(2));
      expect(after.total).toBe(before.ids.length - 2);
      expect((await figures()).buckets[0]?.count).toBe(counted - 2);
      expect(await archive.reader.entry(gone)).toBeUndefined();
      // Also when they are sealed, or merged, meanwhile.
      await archive.seal();
      await archive.keep();
      expect((await ids()).ids).toEqual(after.ids);
      expect([await archive.show(gone), await archive.show(gone), await archive.show(second)]).toEqual([
        true,
        false,
        true,
      ]);
      expect((await ids()).ids).toEqual(before.ids);
      expect(await archive.reader.entry(gone)).toMatchObject({ id: gone });
    },
  );

  test('stay hidden for the next process, and are erased as others are', async () => {
    const first = await filled();
    await first.archive.seal();
    const { ids } = await first.ids();
    await first.archive.hide(ids[0] as string);
    await first.archive.hide(ids[1] as string);
    await first.archive.close();
    const { archive } = await open({ folder: first.folder, keyspace: first.keyspace });
    expect(await archive.reader.entry(ids[0] as string)).toBeUndefined();
    const timestamp = Number(/(?:req|log):(\d+)/.exec(ids[0] as string)?.[1]);
    for await (const progress of archive.erase(compileFilter({}), { from: 0, to: timestamp })) void progress;
    expect(await archive.show(ids[0] as string)).toBe(false);
    const oneIsLeft = Number(/(?:req|log):(\d+)/.exec(ids[1] as string)?.[1]) > timestamp;
    expect(await archive.show(ids[1] as string)).toBe(oneIsLeft);
  });

  test('are forgotten when no class keeps anything as old', async () => {
    let now = NOW;
    const { archive, ids } = await filled({ now: () => now });
    await archive.seal();
    const [gone = ''] = (await ids()).ids;
    await archive.hide(gone);
    await archive.keep();
    now = LATER;
    await archive.keep();
    expect(await archive.show(gone)).toBe(false);
  });
});
