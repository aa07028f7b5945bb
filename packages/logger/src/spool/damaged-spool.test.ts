import { appendFile, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adoptSpool } from './adopt-spool.js';
import { chunkOf, contents, drain, logEntry, numbersOf, useSpools } from './testing/spool-fixture.js';

const fixture = useSpools();
const chunks = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => chunkOf(from + index));

describe('a damaged spool', () => {
  /** Leaves three chunks in one segment to the next process. */
  async function writeSegment(): Promise<{ readonly path: string; readonly bytes: Buffer }> {
    const { spool } = fixture.create();
    await spool.append(chunks(1, 3));
    const [path = ''] = await fixture.segments();
    await spool.close();
    return { path, bytes: await readFile(path) };
  }

  it('gives all but the last record when it ends at any byte of that', async () => {
    const { path, bytes } = await writeSegment();
    const lastStart = bytes.lastIndexOf('\n', bytes.length - 2) + 1;
    for (let end = lastStart; end < bytes.length; end++) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(path, bytes.subarray(0, end));
      const adopted = await adoptSpool(fixture.place);
      const isWhole = end === bytes.length - 1;
      expect(adopted?.entries).toBe(isWhole ? 3 : 2);
      expect(adopted && numbersOf(await drain(adopted))).toEqual(isWhole ? [1, 2, 3] : [1, 2]);
      expect(adopted?.damagedRecords).toBe(isWhole || end === lastStart ? 0 : 1);
    }
  });

  it('gives the records around a damaged one, wherever the damage is', async () => {
    const { path, bytes } = await writeSegment();
    const secondStart = bytes.indexOf('\n', bytes.indexOf('\n') + 1) + 1;
    const thirdStart = bytes.indexOf('\n', secondStart) + 1;
    for (let at = secondStart; at < thirdStart - 1; at += 3) {
      const damaged = Buffer.from(bytes);
      damaged[at] = 0;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(path, damaged);
      const adopted = await adoptSpool(fixture.place);
      expect(adopted && numbersOf(await drain(adopted))).toEqual([1, 3]);
      expect(adopted?.damagedRecords).toBe(1);
    }
  });

  it('goes on behind zeros, noise, a missing header and a missing segment', async () => {
    const { spool } = fixture.create({ segmentBytes: 1 });
    await spool.append(chunks(1, 6));
    const paths = await fixture.segments();
    await spool.close();
    const [zeros = '', noise = '', headerless = '', missing = ''] = paths;
    await truncate(zeros, 0);
    await truncate(zeros, 5_000);
    await appendFile(noise, '\n\n{"number":9}\tx\n00000000 00000000 \n');
    await writeFile(headerless, (await contents(headerless)).replace(/^.*\n/, ''));
    await rm(missing);
    const adopted = await adoptSpool(fixture.place);
    expect(adopted && numbersOf(await drain(adopted))).toEqual([2, 3, 5, 6]);
    expect(adopted?.damagedRecords).toBe(5);
    expect(await readdir(fixture.target)).toEqual([]);
  });

  it('counts what the same process has stored and cannot read back', async () => {
    const { spool, told } = fixture.create({ segmentBytes: 1 });
    await spool.append([chunkOf(1, logEntry(1), logEntry(2)), chunkOf(2), chunkOf(3)]);
    const [first = '', second = ''] = await fixture.segments();
    await truncate(first, 60);
    await rm(second);
    expect(numbersOf(await drain(spool))).toEqual([3]);
    expect(spool).toMatchObject({ entries: 0, lostEntries: 3, damagedRecords: 1 });
    expect(told.taken).toBeUndefined();
  });
});
