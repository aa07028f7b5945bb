/** A field of a message: its number, and an integer from 0 to 2^32 - 1, a text, or a message. */
export type ProtobufField = readonly [number: number, value: number | string | Buffer];

/**
 * Writes a protobuf message.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export function protobufMessage(...fields: readonly ProtobufField[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, value]) => {
      if (typeof value === 'number') return [varint(number << 3), varint(value)];
      const content = Buffer.from(value as string);
      return [varint((number << 3) | 2), varint(content.length), content];
    }),
  );
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}
