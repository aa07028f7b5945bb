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

  const texts = async (...bytes: Buffer[]) =>
    (await linesOf(bytes)).map(({ text, repaired }) => [text, repaired?.map(({ code }) => code)]);

  test('ends lines at CR alone only in a file that has no other line end', async () => {
    expect(await texts(Buffer.from('a\rb\rc\r'))).toEqual([
      ['a', undefined],
      ['b', undefined],
      ['c', undefined],
    ]);
    expect(await texts(Buffer.from('a\rb\nc\r\n'))).toEqual([
      ['a\rb', undefined],
      ['c', undefined],
    ]);
  });

  test('keeps bytes that are no UTF-8, beside those that are', async () => {
    const bytes = Buffer.concat([Buffer.from('é '), Buffer.from([0xe9, 0x20, 0xc3]), Buffer.from('€\nb')]);
    expect(await texts(bytes)).toEqual([
      ['é é Ã€', ['no_utf8']],
      ['b', undefined],
    ]);
  });

  test('leaves out zeros around a line, however many', async () => {
    const hole = Buffer.alloc(3 * MAX_LINE_BYTES);
    expect(await texts(hole, Buffer.from('a\nb\0\0\nc'))).toEqual([
      ['a', ['nuls']],
      ['b', ['nuls']],
      ['c', undefined],
    ]);
  });

  test.each(['utf16le', 'utf16be'])(
    'reads %s, with its mark and without, however it is cut',
    async (coding) => {
      const coded = (text: string) => {
        const bytes = Buffer.from(text, 'utf16le');
        return coding === 'utf16le' ? bytes : bytes.swap16();
      };
      const text = `first line of a file that is long enough €\nsecond\n`;
      for (const bytes of [coded(`\ufeff${text}`), coded(text)]) {
        const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) =>
          bytes.subarray(i * 7, i * 7 + 7),
        );
        expect(await texts(...pieces)).toEqual([
          ['first line of a file that is long enough €', undefined],
          ['second', undefined],
        ]);
      }
    },
  );
});
