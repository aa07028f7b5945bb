import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adoptSpool } from './adopt-spool.js';
import {
  chunkOf,
  contents,
  drain,
  logEntry,
  numbersOf,
  startProcess,
  TARGET,
  useSpools,
  WRITER,
} from './testing/spool-fixture.js';

const fixture = useSpools();
const chunks = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => chunkOf(from + index));

describe('Spool', () => {
  it('puts nothing on disk before the first append, and leaves nothing when it was read to its end', async () => {
    const { spool } = fixture.create();
    expect(await spool.peek()).toBeUndefined();
    await spool.removeOldest();
    await spool.close();
    expect(existsSync(fixture.place.spoolDir)).toBe(false);
    expect(await spool.append([chunkOf(1)])).toBe(true);
    expect(numbersOf(await drain(spool))).toEqual([1]);
    expect(await readdir(fixture.target)).toEqual([]);
    expect(spool).toMatchObject({ entries: 0, bytes: 0 });
  });

  it('keeps its files to its own user', async () => {
    const { spool } = fixture.create();
    await spool.append([chunkOf(1)]);
    const [segment = ''] = await fixture.segments();
    const modes = [fixture.place.spoolDir, fixture.target, dirname(segment), segment].map(
      async (path) => (await stat(path)).mode & 0o777,
    );
    expect(await Promise.all(modes)).toEqual([0o700, 0o700, 0o700, 0o600]);
  });

  it('gives back in order what was appended, also meanwhile, over many segments', async () => {
    const { spool } = fixture.create({ segmentBytes: 600 });
    const read: number[] = [];
    let next = 1;
    for (let round = 0; round < 40; round++) {
      await spool.append(chunks(next, next + (round % 7)));
      next += (round % 7) + 1;
      for (let i = 0; i < round % 6; i++) {
        const chunk = await spool.peek();
        if (chunk !== undefined) read.push(chunk.number);
        await spool.removeOldest();
      }
      expect(spool.entries).toBe(next - 1 - read.length);
    }
    expect((await fixture.segments()).length).toBeGreaterThan(5);
    read.push(...numbersOf(await drain(spool)));
    expect(read).toEqual(Array.from({ length: next - 1 }, (_, index) => index + 1));
  });

  it('peeks the same chunk until it is removed', async () => {
    const { spool } = fixture.create();
    await spool.append(chunks(1, 2));
    expect(await spool.peek()).toBe(await spool.peek());
    await spool.removeOldest();
    // Nothing was peeked, so nothing is removed.
    await spool.removeOldest();
    expect((await spool.peek())?.number).toBe(2);
  });

  it('takes an entry that is larger than a segment', async () => {
    const { spool } = fixture.create({ segmentBytes: 1_000, fsync: true });
    const huge = chunkOf(2, logEntry(2, 'INFO', '\u20ac'.repeat(300_000)));
    await spool.append([chunkOf(1), huge, chunkOf(3)]);
    expect(await drain(spool)).toEqual([chunkOf(1), huge, chunkOf(3)]);
  });

  it('counts the bytes of its files', async () => {
    const { spool } = fixture.create({ segmentBytes: 500 });
    await spool.append(chunks(1, 20));
    const sizes = (await fixture.segments()).map(async (path) => (await stat(path)).size);
    expect(spool.bytes).toBe((await Promise.all(sizes)).reduce((sum, size) => sum + size, 0));
  });

  it('can be read by a person', async () => {
    const { spool } = fixture.create();
    await spool.append([chunkOf(7, logEntry(1), logEntry(2))]);
    const [header, line] = (await contents((await fixture.segments())[0] as string)).split('\n');
    expect(header).toBe(`tailrace-spool 1 ${WRITER}`);
    expect(line).toMatch(/^[0-9a-f]{8} [0-9a-f]{8} \{"number":7,"counts":\{"accepted":7\}\}\t\{"id":"log:/);
  });
});

describe('Spool.append, when it cannot store', () => {
  it('says false and why, counts nothing, and stores when the trouble is over', async () => {
    await writeFile(fixture.place.spoolDir, 'a file in the way');
    const { spool, told } = fixture.create();
    expect(await spool.append([chunkOf(1)])).toBe(false);
    expect(spool.failure).toMatchObject({ code: 'EEXIST' });
    expect(spool.appendSync([chunkOf(1)])).toBe(0);
    expect(spool).toMatchObject({ entries: 0, bytes: 0 });
    await rm(fixture.place.spoolDir);
    expect(await spool.append([chunkOf(1)])).toBe(true);
    expect(spool.failure).toBeUndefined();
    expect(told).toEqual({ dropped: {}, taken: undefined });
  });

  it('leaves nothing of a call of which the disk took a part', async () => {
    // The shell's unit is 512 or 1,024 bytes; either way the third append does not fit into a file any more.
    const source = `
      const spool = createSpool({ writerId: 'w' });
      const chunk = (number, length) => ({ number, counts: null,
        entries: [{ id: 'log:1:app:' + number, timestamp: 1, kind: 'log', level: 'INFO', component: 'app',
          message: 'x'.repeat(length) }] });
      say(await spool.append([chunk(1, 100)]));
      say(await spool.append([chunk(2, 100)]));
      say(await spool.append([chunk(3, 50_000)]));
      say(spool.failure.code);
      say(spool.appendSync([chunk(4, 100), chunk(5, 50_000)]));
      say(await spool.append([chunk(6, 100)]));
      say(spool.entries);
      await spool.close();
    `;
    const child = startProcess(fixture.place, source, null, "trap '' XFSZ; ulimit -f 16;");
    expect(await child.ended()).toEqual([true, true, false, 'EFBIG', 1, true, 4]);
    const adopted = await adoptSpool(fixture.place);
    expect(adopted && numbersOf(await drain(adopted))).toEqual([1, 2, 4, 6]);
    expect(adopted?.damagedRecords).toBe(0);
  });

  it.each([
    ['is a symbolic link', (path: string) => symlink('/', path)],
    ['can be written to by other users', (path: string) => mkdir(path).then(() => chmod(path, 0o777))],
  ])('refuses a directory that %s', async (reason, prepare) => {
    await mkdir(fixture.place.spoolDir, { mode: 0o700 });
    await prepare(fixture.target);
    const { spool } = fixture.create();
    const refusal = { code: 'spool_directory_unsafe', message: expect.stringContaining(reason) };
    expect(await spool.append([chunkOf(1)])).toBe(false);
    expect(spool.failure).toMatchObject(refusal);
    expect(spool.appendSync([chunkOf(1)])).toBe(0);
    expect(spool.failure).toMatchObject(refusal);
    await expect(adoptSpool(fixture.place)).rejects.toMatchObject(refusal);
    expect(await readdir(fixture.place.spoolDir)).toEqual([TARGET]);
  });

  it.skipIf(process.getuid?.() !== 0)('refuses a directory of another user', async () => {
    const { chown } = await import('node:fs/promises');
    await mkdir(fixture.place.spoolDir);
    await chown(fixture.place.spoolDir, 12_345, 12_345);
    const { spool } = fixture.create();
    expect(await spool.append([chunkOf(1)])).toBe(false);
    expect(spool.failure).toMatchObject({ code: 'spool_directory_unsafe' });
  });
});

describe('Spool.appendSync', () => {
  it('works before anything was stored, over several segments, and is read behind what was there', async () => {
    const { spool } = fixture.create({ segmentBytes: 400 });
    expect(spool.appendSync(chunks(1, 10))).toBe(10);
    expect((await fixture.segments()).length).toBeGreaterThan(2);
    await spool.append(chunks(11, 12));
    expect(spool.appendSync(chunks(13, 14))).toBe(2);
    expect(numbersOf(await drain(spool))).toEqual(Array.from({ length: 14 }, (_, index) => index + 1));
  });

  it('keeps the highest levels when not all fits', async () => {
    const { spool } = fixture.create({ maxBytes: 400 });
    const stored = spool.appendSync([
      chunkOf(1, logEntry(1, 'AUDIT'), logEntry(2, 'INFO')),
      chunkOf(2, logEntry(3, 'DEBUG'), logEntry(4, 'ERROR')),
    ]);
    const levels = (await drain(spool)).flatMap(({ entries }) => entries.map(({ level }) => level));
    expect(levels).toEqual(['AUDIT', 'ERROR']);
    expect(stored).toBe(2);
  });

  it('loses nothing when the process ends while an append is half-way', async () => {
    const source = `
      const entry = (number) => ({ id: 'log:1:app:' + number, timestamp: 1, kind: 'log', level: 'INFO',
        component: 'app', message: 'x'.repeat(2_000) });
      const chunk = (number) => ({ number, counts: null, entries: [entry(number)] });
      const chunks = Array.from({ length: 2_000 }, (_, index) => chunk(index + 2));
      const spool = createSpool({ writerId: 'w', segmentBytes: 100_000 });
      process.on('exit', () => { say(spool.appendSync(chunks)); spool.closeSync(); });
      await spool.append([chunk(1)]);
      spool.append(chunks);
      setTimeout(() => process.exit(), input);
    `;
    for (const delayMs of [0, 2, 5, 10, 20]) {
      const child = startProcess(fixture.place, source, delayMs);
      expect(await child.ended()).toEqual([2_000]);
      const adopted = await adoptSpool(fixture.place);
      const read = adopted === undefined ? [] : await drain(adopted);
      // As the script in Redis does, which skips what is not above the last number.
      const applied: number[] = [];
      for (const { number } of read) if (number > (applied.at(-1) ?? 0)) applied.push(number);
      expect(applied).toEqual(Array.from({ length: 2_001 }, (_, index) => index + 1));
      for (const { number, entries } of read) expect(entries[0]?.id).toBe(`log:1:app:${number}`);
    }
  });
});
