/** A part of a message: bytes, or parts that follow each other. */
export type Part = Buffer | readonly Part[];

/** Wire types. @see https://protobuf.dev/programming-guides/encoding/#structure */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;

/** A field that holds a text. */
export function text(number: number, value: string): Part {
  return bytes(number, Buffer.from(value));
}

/** A field that holds bytes, or a message of such parts. */
export function bytes(number: number, value: Part): Part {
  return [varint(BigInt(number * 8 + LENGTH_DELIMITED)), varint(BigInt(sizeOf(value))), value];
}

/** A field that holds an enum, a bool or an int64; negative numbers as two's complement. */
export function integer(number: number, value: number | bigint): Part {
  return [varint(BigInt(number * 8 + VARINT)), varint(BigInt.asUintN(64, BigInt(value)))];
}

export function double(number: number, value: number): Part {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return [varint(BigInt(number * 8 + FIXED64)), bytes];
}

export function fixed64(number: number, value: bigint): Part {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return [varint(BigInt(number * 8 + FIXED64)), bytes];
}

/** All parts as one buffer. */
export function joined(part: Part): Buffer {
  const buffers: Buffer[] = [];
  const add = (one: Part) => {
    if (Buffer.isBuffer(one)) buffers.push(one);
    else for (const inner of one) add(inner);
  };
  add(part);
  return Buffer.concat(buffers);
}

function sizeOf(part: Part): number {
  if (Buffer.isBuffer(part)) return part.length;
  let size = 0;
  for (const inner of part) size += sizeOf(inner);
  return size;
}

function varint(value: bigint): Buffer {
  if (value < 0x80n) return SMALL[Number(value)] as Buffer;
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

const SMALL: readonly Buffer[] = Array.from({ length: 128 }, (_, i) => Buffer.from([i]));
