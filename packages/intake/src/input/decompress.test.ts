import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decompress } from './decompress.js';

async function* pieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function unpacked(bytes: Buffer, size = 1000) {
  const out: Buffer[] = [];
  let error: string | undefined;
  try {
    for await (const piece of decompress(pieces(bytes, size))) out.push(piece);
  } catch (thrown) {
    error = (thrown as Error).message;
  }
  return { text: Buffer.concat(out).toString(), error };
}

const TEXT = Array.from({ length: 5000 }, (_, i) => `line ${Math.sin(i)}`).join('\n');

describe('decompress', () => {
  test.each([1, 3, 1000, 1e6])('unpacks gzip of several members, in pieces of %i bytes', async (size) => {
    const packed = Buffer.concat([gzipSync('a\n'), gzipSync('b\n')]);
    expect(await unpacked(packed, size)).toEqual({ text: 'a\nb\n', error: undefined });
  });

  test('passes on what is not packed, also what is shorter than any mark', async () => {
    for (const text of ['', 'a', 'plain text']) expect((await unpacked(Buffer.from(text))).text).toBe(text);
  });

  test('gives all that can be read of a file that is cut off, and then says so', async () => {
    const packed = gzipSync(TEXT);
    const { text, error } = await unpacked(packed.subarray(0, packed.length - 50));
    expect(TEXT.startsWith(text)).toBe(true);
    expect(text.length).toBeGreaterThan(TEXT.length * 0.98);
    expect(error).toMatch(/^its gzip is cut off/);
  });

  test('gives what stands before the damage, and then says so', async () => {
    const packed = gzipSync(TEXT);
    packed.fill(0xff, 20_000, 20_040);
    const { text, error } = await unpacked(packed);
    expect(text.length).toBeGreaterThan(TEXT.length * 0.3);
    expect(error).toMatch(/^its gzip is damaged/);
  });

  test.each([
    ['bzip2', '425a683931415926'],
    ['xz', 'fd377a585a0000'],
    ['lz4', '04224d1864'],
    ['zip', '504b03041400'],
    ['7z', '377abcaf271c00'],
    ['lzip', '4c5a495001'],
    ['compress', '1f9d90'],
  ])('refuses %s by its name', async (name, bytes) => {
    expect((await unpacked(Buffer.from(bytes, 'hex'))).error).toMatch(
      `it is packed with ${name}; unpack it first: `,
    );
  });
});
