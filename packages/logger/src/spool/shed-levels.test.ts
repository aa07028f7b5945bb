import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Entry, LEVEL_NAMES, LEVELS, type Level } from '@tailrace/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Spool } from './spool.js';
import type { SpooledChunk } from './spooled-chunk.js';
import { chunkOf, drain, logEntry, numbersOf, useSpools, WRITER } from './testing/spool-fixture.js';

const fixture = useSpools();
const levelOf = fc.constantFrom(...LEVEL_NAMES);

describe('a full spool', () => {
  it('gives up the lowest levels first, and what it holds rather than something higher', async () => {
    const { spool, told } = fixture.create({ maxBytes: 2_000, segmentBytes: 700 });
    let number = 0;
    const append = (level: Level) => spool.append([chunkOf(++number, logEntry(number, level))]);
    for (let i = 0; i < 5; i++) for (const level of ['DEBUG', 'ERROR'] as const) await append(level);
    expect(told.dropped).toEqual({});
    for (let i = 0; i < 4; i++) expect(await append('AUDIT')).toBe(true);
    expect(Object.keys(told.dropped)).toEqual(['DEBUG']);
    while (!Object.keys(told.dropped).includes('ERROR')) expect(await append('AUDIT')).toBe(true);
    const levels = (await drain(spool)).flatMap(({ entries }) => entries.map(({ level }) => level));
    expect(levels).not.toContain('DEBUG');
    expect(new Set(levels).has('AUDIT')).toBe(true);
  });

  it('refuses what is worth no more than what it holds, and keeps that', async () => {
    const { spool, told } = fixture.create({ maxBytes: 800 });
    const entries = (from: number) => [1, 2, 3].map((i) => logEntry(from + i));
    expect(await spool.append([chunkOf(1, ...entries(0))])).toBe(true);
    expect(await spool.append([chunkOf(2, ...entries(10), ...entries(20))])).toBe(true);
    expect(told.dropped.INFO).toBeGreaterThan(0);
    const { entries: stored } = spool;
    expect(await spool.append([chunkOf(3, ...entries(30))])).toBe(false);
    expect(spool.failure).toMatchObject({ code: 'spool_full' });
    expect(spool.entries).toBe(stored);
    expect(stored + (told.dropped.INFO ?? 0)).toBe(9);
    expect(numbersOf(await drain(spool))).toEqual([1, 2]);
  });

  it('lets what comes go for something higher that waits behind it, and only then', async () => {
    const { spool, told } = fixture.create({ maxBytes: 800 });
    const infos = (from: number) => [1, 2, 3, 4, 5].map((i) => logEntry(from + i));
    expect(await spool.append([chunkOf(1, ...infos(0))])).toBe(true);
    expect(await spool.append([chunkOf(2, ...infos(10))], 'INFO')).toBe(false);
    expect(told.dropped).toEqual({});
    expect(await spool.append([chunkOf(2, ...infos(10))], 'ERROR')).toBe(true);
    expect(told.dropped).toEqual({ INFO: 5 });
    expect(numbersOf(await drain(spool))).toEqual([1]);
  });

  it('gives up no more of a level than is needed or an eighth of it in a segment, the newest first', async () => {
    const { spool, told } = fixture.create({ maxBytes: 20_000 });
    for (let number = 1; spool.bytes < 19_800; number++) await spool.append([chunkOf(number)]);
    const before = spool.entries;
    expect(await spool.append([chunkOf(1_000, logEntry(1_000, 'ERROR'))])).toBe(true);
    const given = told.dropped.INFO ?? 0;
    expect(given).toBeGreaterThan(before / 16);
    expect(given).toBeLessThan(before / 6);
    const numbers = numbersOf(await drain(spool));
    expect(numbers).toEqual([...Array.from({ length: before - given }, (_, i) => i + 1), 1_000]);
  });

  it('gives up the lowest levels for what comes at the end of the process, too', async () => {
    const { spool, told } = fixture.create({ maxBytes: 3_000, segmentBytes: 1_000 });
    for (let number = 1; await spool.append([chunkOf(number)]); number++);
    const stored = spool.entries;
    const errors = [1, 2, 3, 4, 5, 6].map((i) => logEntry(100 + i, 'ERROR'));
    const infos = [1, 2, 3, 4, 5, 6].map((i) => logEntry(200 + i));
    expect(spool.appendSync([chunkOf(100, ...infos), chunkOf(101, ...errors)])).toBe(6);
    expect(spool.bytes).toBeLessThanOrEqual(3_000);
    const chunks = await drain(spool);
    expect(chunks.at(-1)?.entries).toEqual(errors);
    expect(chunks).toHaveLength(stored - (told.dropped.INFO ?? 0) + 1);
    expect(spool).toMatchObject({ damagedRecords: 0, lostEntries: 0 });
  });

  it('takes as much again as was replayed of its only segment', async () => {
    const { spool, told } = fixture.create({ maxBytes: 1_500 });
    for (let number = 1; number <= 100; number++) {
      expect(await spool.append([chunkOf(number)])).toBe(true);
      if (number <= 6) continue;
      expect((await spool.peek())?.number).toBe(number - 6);
      await spool.removeOldest();
    }
    expect(told.dropped).toEqual({});
    expect(numbersOf(await drain(spool))).toEqual([95, 96, 97, 98, 99, 100]);
  });

  it('does not change a call that was peeked, which may be on its way', async () => {
    const { spool, told } = fixture.create({ maxBytes: 1_000 });
    await spool.append([1, 2, 3, 4].map((number) => chunkOf(number, logEntry(number, 'TRACE'))));
    await spool.peek();
    await spool.removeOldest();
    const peeked = await spool.peek();
    const audits = [5, 6, 7, 8, 9].map((number) => logEntry(number, 'AUDIT'));
    expect(await spool.append([chunkOf(5, ...audits)])).toBe(true);
    expect(told.dropped).toEqual({ TRACE: 2 });
    expect(await spool.peek()).toBe(peeked);
    expect(numbersOf(await drain(spool))).toEqual([2, 5]);
  });

  it('loses no count, keeps to its bound, and drops nothing while something lower remains', async () => {
    const steps = fc.array(
      fc.oneof(
        {
          weight: 3,
          arbitrary: fc.record({
            append: fc.array(fc.array(fc.tuple(levelOf, fc.nat(300)), { maxLength: 6 }), { maxLength: 4 }),
          }),
        },
        { weight: 1, arbitrary: fc.record({ remove: fc.nat(3) }) },
      ),
      { minLength: 1, maxLength: 40 },
    );
    const options = fc.record({
      maxBytes: fc.integer({ min: 500, max: 8_000 }),
      segmentBytes: fc.integer({ min: 100, max: 3_000 }),
    });
    await fc.assert(
      fc.asyncProperty(options, steps, async (sizes, todo) => {
        const { spool, told } = fixture.create(sizes);
        const accepted = new Map<string, Level>();
        const read: string[] = [];
        let [lastNumber, lastId] = [0, 0];
        const entryOf = ([level, length]: readonly [Level, number]) =>
          logEntry(++lastId, level, 'x'.repeat(length));
        for (const step of todo) {
          const peeked = await spool.peek();
          if ('remove' in step) {
            for (let i = 0; i < step.remove; i++) read.push(...(await removeOne(spool)));
            continue;
          }
          const before = { ...told.dropped };
          const chunks = step.append.map((entries) => ({
            number: ++lastNumber,
            counts: null,
            entries: entries.map(entryOf),
          }));
          if (await spool.append(chunks))
            for (const { id, level } of chunks.flatMap(({ entries }) => entries)) accepted.set(id, level);
          expect(spool.bytes).toBeLessThanOrEqual(sizes.maxBytes);
          const { bytes, entries } = await onDisk();
          expect(bytes).toBe(spool.bytes);
          const given = new Set([...read, ...idsOf(peeked)]);
          const left = entries.filter(({ id }) => !given.has(id)).map(({ level }) => LEVELS[level]);
          const dropped = LEVEL_NAMES.filter((level) => told.dropped[level] !== before[level]);
          for (const level of dropped) expect(Math.min(...left)).toBeGreaterThanOrEqual(LEVELS[level]);
        }
        read.push(...(await drain(spool)).flatMap(idsOf));
        expect(new Set(read).size).toBe(read.length);
        for (const id of read) expect(accepted.has(id)).toBe(true);
        for (const level of LEVEL_NAMES) {
          const isOf = (one: Level | undefined) => one === level;
          const readOfLevel = read.filter((id) => isOf(accepted.get(id))).length;
          expect(readOfLevel + (told.dropped[level] ?? 0)).toBe([...accepted.values()].filter(isOf).length);
        }
        expect(spool).toMatchObject({ entries: 0, bytes: 0, damagedRecords: 0, lostEntries: 0 });
      }),
      { numRuns: 100 },
    );
  });
});

function idsOf(chunk: SpooledChunk | undefined): string[] {
  return chunk?.entries.map(({ id }) => id) ?? [];
}

async function removeOne(spool: Spool): Promise<string[]> {
  const chunk = await spool.peek();
  await spool.removeOldest();
  return idsOf(chunk);
}

/** What the files hold, entries removed from a segment that is read included. */
async function onDisk(): Promise<{ readonly bytes: number; readonly entries: readonly Entry[] }> {
  const paths = existsSync(join(fixture.target, WRITER)) ? await fixture.segments() : [];
  const segments = await Promise.all(paths.map((path) => readFile(path)));
  const lines = segments.flatMap((segment) => segment.toString().trimEnd().split('\n').slice(1));
  const texts = lines.flatMap((line) => line.split('\t').slice(1));
  const bytes = segments.reduce((sum, { length }) => sum + length, 0);
  return { bytes, entries: texts.map((text) => JSON.parse(text)) };
}
