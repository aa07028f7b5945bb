/** What a protobuf message is not: cut short, of a wire type its field does not have, nested or filled past a bound. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** Wire types of protobuf; the groups (3 and 4) are deprecated and refused. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/** One field as it stands in a message: its number, and where its value is. */
export interface WireField {
  readonly number: number;
  readonly type: number;
  /** Of a length-delimited field its content, of the others the value's own bytes. */
  readonly bytes: Buffer;
}

/**
 * Reads the fields of a message in their order, without a copy.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 * @throws WireError when the message is not whole.
 */
export function* wireFields(message: Buffer): Iterable<WireField> {
  let at = 0;
  while (at < message.length) {
    const tagEnd = varintEnd(message, at);
    const tag = readUint32(message.subarray(at, tagEnd));
    const number = tag >>> 3;
    const type = tag & 7;
    if (number === 0) throw new WireError('has a field of number 0');
    let start = tagEnd;
    let end: number;
    if (type === VARINT) end = varintEnd(message, start);
    else if (type === FIXED64) end = start + 8;
    else if (type === FIXED32) end = start + 4;
    else if (type === LENGTH) {
      start = varintEnd(message, tagEnd);
      end = start + readUint32(message.subarray(tagEnd, start));
    } else throw new WireError(`has a field of wire type ${type}; allowed: 0, 1, 2 and 5`);
    if (end > message.length) throw new WireError('ends within a field');
    yield { number, type, bytes: message.subarray(start, end) };
    at = end;
  }
}

/** @returns the place behind a varint, which has at most ten bytes */
function varintEnd(message: Buffer, from: number): number {
  for (let at = from; at < from + 10; at++) {
    const byte = message[at];
    if (byte === undefined) throw new WireError('ends within a number');
    if (byte < 0x80) return at + 1;
  }
  throw new WireError('has a number of more than ten bytes');
}

function readUint32(varint: Buffer): number {
  let value = 0;
  for (const [place, byte] of varint.entries()) value += (byte & 0x7f) * 2 ** (7 * place);
  if (value > 0xffffffff) throw new WireError('has a tag or length past 32 bits');
  return value;
}

function readInt64(varint: Buffer): bigint {
  let value = 0n;
  for (const [place, byte] of varint.entries()) value |= BigInt(byte & 0x7f) << BigInt(7 * place);
  return BigInt.asIntN(64, value);
}

/** Kinds of values, each with its wire type and what OTLP/JSON has in its place. */
const SCALARS = {
  string: { type: LENGTH, read: (bytes: Buffer) => bytes.toString() },
  base64: { type: LENGTH, read: (bytes: Buffer) => bytes.toString('base64') },
  hex: { type: LENGTH, read: (bytes: Buffer) => bytes.toString('hex') },
  bool: { type: VARINT, read: (bytes: Buffer) => readInt64(bytes) !== 0n },
  int32: { type: VARINT, read: (bytes: Buffer) => Number(BigInt.asIntN(32, readInt64(bytes))) },
  int64: { type: VARINT, read: (bytes: Buffer) => String(readInt64(bytes)) },
  fixed32: { type: FIXED32, read: (bytes: Buffer) => bytes.readUInt32LE() },
  fixed64: { type: FIXED64, read: (bytes: Buffer) => String(bytes.readBigUInt64LE()) },
  double: { type: FIXED64, read: (bytes: Buffer) => bytes.readDoubleLE() },
} as const;

/** A field of a message: its name in JSON, and what it holds. */
export interface FieldTable {
  readonly name: string;
  readonly holds: keyof typeof SCALARS | (() => MessageTable);
  readonly isRepeated?: true;
}

/** The fields of a message by their numbers; others are passed over, as protobuf has it. */
export type MessageTable = Readonly<Record<number, FieldTable>>;

/** What may still be read. */
export interface WireBudget {
  /** Values, those within others too. */
  values: number;
  readonly maxDepth: number;
}

/**
 * Checks that a message is one, as far as its table knows it, without making anything of it.
 *
 * @throws WireError when it is not, or goes past the budget.
 */
export function checkMessage(message: Buffer, table: MessageTable, budget: WireBudget, depth = 0): void {
  if (depth > budget.maxDepth) throw new WireError(`is nested too deep; allowed: ${budget.maxDepth} levels`);
  for (const { number, type, bytes } of wireFields(message)) {
    budget.values -= 1;
    if (budget.values < 0) throw new WireError('has too many values');
    const field = table[number];
    if (field === undefined) continue;
    const expected = typeof field.holds === 'function' ? LENGTH : SCALARS[field.holds].type;
    if (type !== expected)
      throw new WireError(`has ${field.name} as wire type ${type}; allowed: ${expected}`);
    if (typeof field.holds === 'function') checkMessage(bytes, field.holds(), budget, depth + 1);
  }
}

/**
 * Reads a message that {@link checkMessage} let pass into what OTLP/JSON has for it: 64-bit numbers as texts. Of a field
 * that comes twice and is not repeated the last one counts.
 */
export function readMessage(message: Buffer, table: MessageTable): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const { number, bytes } of wireFields(message)) {
    const field = table[number];
    if (field === undefined) continue;
    const value =
      typeof field.holds === 'function'
        ? readMessage(bytes, field.holds())
        : SCALARS[field.holds].read(bytes);
    if (!field.isRepeated) record[field.name] = value;
    else if (Object.hasOwn(record, field.name)) (record[field.name] as unknown[]).push(value);
    else record[field.name] = [value];
  }
  return record;
}
