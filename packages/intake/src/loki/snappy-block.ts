/** What a block of Snappy is not. The message goes on from "the body". */
export class SnappyError extends Error {
  override readonly name = 'SnappyError';
}

/**
 * Uncompresses a block of Snappy, which has no frames around it.
 *
 * @param maxBytes what it may have uncompressed, which it says at its start: nothing is made before that is known
 * @see https://github.com/google/snappy/blob/main/format_description.txt
 * @throws SnappyError when it is not one, or larger.
 */
export function uncompressSnappy(block: Buffer, maxBytes: number): Buffer {
  let at = 0;
  const next = (): number => {
    const byte = block[at++];
    if (byte === undefined) throw new SnappyError('ends within an element of Snappy');
    return byte;
  };
  const number = (bytes: number): number => {
    let value = 0;
    for (let i = 0; i < bytes; i++) value += next() * 2 ** (8 * i);
    return value;
  };
  let size = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = next();
    size += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
    if (shift === 28) throw new SnappyError('is no block of Snappy');
  }
  if (size > maxBytes) throw new SnappyError(`has ${size} bytes without Snappy; allowed: ${maxBytes}`);
  // No element makes more of its bytes than 64 of 3, so a size that cannot be reached costs no memory.
  if (size > block.length * 32) throw new SnappyError('is no block of Snappy: its size is not its own');
  const out = Buffer.alloc(size);
  let written = 0;
  while (at < block.length) {
    const tag = next();
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >> 2;
      const length = 1 + (short < 60 ? short : number(short - 59));
      if (length > size - written || length > block.length - at)
        throw new SnappyError('has a literal that is too long');
      block.copy(out, written, at, at + length);
      at += length;
      written += length;
      continue;
    }
    const length = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
    const offset = kind === 1 ? (tag >> 5) * 256 + next() : number(kind === 2 ? 2 : 4);
    if (offset === 0 || offset > written || length > size - written) {
      throw new SnappyError('has a copy of what is not there');
    }
    // What is copied may be what this copy has just written.
    for (let i = 0; i < length; i++, written++) out[written] = out[written - offset] as number;
  }
  if (written !== size) throw new SnappyError('is shorter without Snappy than it says');
  return out;
}
