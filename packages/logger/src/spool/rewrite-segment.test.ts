import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LEVEL_NAMES, type Level } from '@tailrace/schema';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reduceSegment } from './reduce-segment.js';
import { movedLines, overwriteSegment, overwriteSegmentSync } from './rewrite-segment.js';
import { headerEnd, segmentHeader } from './segment.js';
import { decodeChunk, encodeChunk, encodeLine, readLine } from './spool-line.js';
import type { SpooledChunk } from './spooled-chunk.js';
import { chunkOf, logEntry } from './testing/spool-fixture.js';

const HEADER = segmentHeader('writer');
const chunks = fc.array(
  fc.array(fc.tuple(fc.constantFrom<Level>('INFO', 'ERROR'), fc.nat(200)), { minLength: 1, maxLength: 5 }),
  { minLength: 1, maxLength: 8 },
);

function segmentOf(levels: readonly (readonly (readonly [Level, number])[])[]): Buffer {
  const lines = levels.map((entries, i) =>
    chunkOf(i + 1, ...entries.map(([level, length], k) => logEntry(i * 10 + k, level, 'x'.repeat(length)))),
  );
  return Buffer.concat([HEADER, ...lines.map((chunk) => encodeLine(encodeChunk(chunk)))]);
}

function reducedLines(
  segment: Buffer,
  reduction: { readonly level: Level; readonly excessBytes: number },
): readonly Buffer[] {
  const steps = reduceSegment(segment, HEADER.length, HEADER.length, reduction);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value.lines;
}

/** The calls that Redis takes of a segment: those with a higher number than any before. */
function applied(segment: Buffer): SpooledChunk[] {
  const taken: SpooledChunk[] = [];
  for (let at = headerEnd(segment); at < segment.length; ) {
    const { end, body } = readLine(segment, at);
    const chunk = body && decodeChunk(body, '')?.chunk;
    if (chunk !== undefined && chunk.number > (taken.at(-1)?.number ?? 0)) taken.push(chunk);
    at = end;
  }
  return taken;
}

function errorsOf(taken: readonly SpooledChunk[]): string[][] {
  return taken.map(({ entries }) => entries.filter(({ level }) => level === 'ERROR').map(({ id }) => id));
}

describe('overwriteSegment', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tailrace-segment-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    { name: 'overwriteSegment', overwrite: overwriteSegment },
    { name: 'overwriteSegmentSync', overwrite: overwriteSegmentSync },
  ])('leaves what a second file would hold: $name', async ({ overwrite }) => {
    const path = join(folder, '000001.spool');
    const options = fc.record({
      level: fc.constantFrom(...LEVEL_NAMES),
      excessBytes: fc.nat(1_000),
      fsync: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(chunks, options, async (levels, { fsync, ...reduction }) => {
        const segment = segmentOf(levels);
        await writeFile(path, segment);
        const lines = reducedLines(segment, reduction);
        const size = await overwrite({ path, segment, start: HEADER.length, lines, fsync });
        const expected = Buffer.concat([HEADER, ...lines]);
        expect(size).toBe(expected.length);
        expect((await readFile(path)).equals(expected)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('leaves every chunk but the one being written to whoever reads the file of a process that died meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(
        chunks,
        fc.nat(2_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (levels, excessBytes, share) => {
          const segment = segmentOf(levels);
          const lines = reducedLines(segment, { level: 'INFO', excessBytes });
          const placed = [...movedLines(segment, HEADER.length, lines)];
          let left = Math.floor(share * placed.reduce((sum, { line }) => sum + line.length, 0));
          const file = Buffer.from(segment);
          for (const { line, at } of placed) {
            line.copy(file, at, 0, Math.min(left, line.length));
            left = Math.max(0, left - line.length);
          }
          const wanted = errorsOf(applied(segment)).filter(({ length }) => length > 0);
          const found = new Set(errorsOf(applied(file)).map(String));
          const lost = wanted.filter((errors) => !found.has(String(errors)));
          expect(lost.length).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 500 },
    );
  });
});
