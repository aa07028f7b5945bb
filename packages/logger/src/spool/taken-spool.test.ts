import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adoptSpool } from './adopt-spool.js';
import { chunkOf, drain, numbersOf, useSpools, WRITER } from './testing/spool-fixture.js';

const fixture = useSpools();
const chunks = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => chunkOf(from + index));

describe('Spool, when it was taken', () => {
  it('stores again what went into a file that was taken while it was open', async () => {
    const { spool, told } = fixture.create();
    await spool.append(chunks(1, 2));
    await rename(join(fixture.target, WRITER), join(fixture.target, `${WRITER}.other`));
    expect(await spool.append([chunkOf(3)])).toBe(true);
    expect(told.taken).toBe(2);
    expect(numbersOf(await drain(spool))).toEqual([3]);
  });

  it('stores later appends in a new directory and tells how many entries went', async () => {
    const { spool, told } = fixture.create();
    await spool.append(chunks(1, 3));
    await spool.peek();
    await rename(join(fixture.target, WRITER), join(fixture.target, `${WRITER}.other`));
    expect(await spool.append(chunks(4, 5))).toBe(true);
    expect(told.taken).toBe(3);
    expect(spool.entries).toBe(2);
    expect(numbersOf(await drain(spool))).toEqual([4, 5]);
    expect(await readdir(fixture.target)).toEqual([`${WRITER}.other`]);
  });

  it('stores under the id of a new writer, with counts that are read anew', async () => {
    const { spool } = fixture.create({ onTaken: () => 'renewed' });
    await spool.append([chunkOf(1)]);
    await rename(join(fixture.target, WRITER), join(fixture.target, `${WRITER}.other`));
    let reads = 0;
    const chunk = {
      ...chunkOf(2),
      get counts() {
        return ++reads;
      },
    };
    expect(await spool.append([chunk])).toBe(true);
    await spool.close();
    await rm(join(fixture.target, `${WRITER}.other`), { recursive: true });
    const adopted = await adoptSpool(fixture.place);
    expect(adopted?.writerId).toBe('renewed');
    expect(await adopted?.peek()).toMatchObject({ number: 2, counts: reads });
    expect(reads).toBeGreaterThan(1);
  });

  it('stores what is left at exit in a new directory', async () => {
    const { spool } = fixture.create();
    await spool.append([chunkOf(1)]);
    await rename(join(fixture.target, WRITER), join(fixture.target, `${WRITER}.other`));
    expect(spool.appendSync([chunkOf(2)])).toBe(1);
    expect(await fixture.segments()).toHaveLength(1);
  });

  it('has nothing to read any more', async () => {
    const { spool, told } = fixture.create({ segmentBytes: 1 });
    await spool.append(chunks(1, 3));
    await rename(join(fixture.target, WRITER), join(fixture.target, `${WRITER}.other`));
    expect(await spool.peek()).toBeUndefined();
    expect(told.taken).toBe(3);
  });
});
