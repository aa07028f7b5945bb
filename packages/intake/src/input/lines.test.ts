import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_LINE_BYTES, readLines } from './lines.js';

async function linesOf(chunks: Iterable<Buffer>) {
  async function* source() {
    yield* chunks;
  }
  const lines = [];
  for await (const line of readLines(source())) lines.push(line);
  return lines;
}

describe('readLines', () => {
  test('finds the same lines however the bytes are cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replace(/\s/g, '_'))),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom('\n', '\r\n'),
        async (texts, size, lineEnd) => {
          const bytes = Buffer.from(texts.join(lineEnd));
          const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
            bytes.subarray(i * size, (i + 1) * size),
          );
          const expected = texts
            .map((text, i) => ({ number: i + 1, text: i === 0 ? text.replace(/^\ufeff/, '') : text }))
            .filter(({ text }) => text !== '');
          expect(await linesOf(chunks)).toEqual(expected);
        },
      ),
    );
  });

  test('gives up the text of a line past the bound, and goes on with the next', async () => {
    const chunks = ['a\n', 'x'.repeat(MAX_LINE_BYTES), 'x', '\nb'].map((text) => Buffer.from(text));
    expect(await linesOf(chunks)).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: undefined },
      { number: 3, text: 'b' },
    ]);
  });
});
