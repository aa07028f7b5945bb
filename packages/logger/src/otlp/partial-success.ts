/** What a receiver took only a part of. */
export interface PartialSuccess {
  /** Log records it will never take. */
  readonly rejected: number;
  readonly message: string;
}

const NOTHING: PartialSuccess = { rejected: 0, message: '' };

/**
 * Reads the `partial_success` of an ExportLogsServiceResponse, which receivers reply as protobuf, and some as JSON. What is not
 * understood says nothing.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#partial-success-1
 */
export function readPartialSuccess(body: Buffer): PartialSuccess {
  try {
    return body[0] === OPENING_BRACE ? ofJson(body.toString()) : ofProtobuf(body);
  } catch {
    return NOTHING;
  }
}

const OPENING_BRACE = 0x7b;

function ofJson(text: string): PartialSuccess {
  const { partialSuccess } = JSON.parse(text) as { partialSuccess?: Readonly<Record<string, unknown>> };
  const { rejectedLogRecords = 0, errorMessage = '' } = partialSuccess ?? {};
  return { rejected: countOf(Number(rejectedLogRecords)), message: String(errorMessage) };
}

function ofProtobuf(body: Buffer): PartialSuccess {
  let found = NOTHING;
  for (const { number, value } of fieldsOf(body)) {
    if (number !== 1 || !Buffer.isBuffer(value)) continue;
    for (const inner of fieldsOf(value)) {
      if (inner.number === 1 && typeof inner.value === 'bigint')
        found = { ...found, rejected: countOf(Number(inner.value)) };
      if (inner.number === 2 && Buffer.isBuffer(inner.value))
        found = { ...found, message: inner.value.toString() };
    }
  }
  return found;
}

function countOf(count: number): number {
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}

/** @throws RangeError where it ends too soon or is no message */
function* fieldsOf(body: Buffer): Iterable<{ readonly number: number; readonly value: bigint | Buffer }> {
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = body.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number that does not end');
  };
  while (at < body.length) {
    const key = Number(varint());
    const type = key % 8;
    if (type === 0) {
      yield { number: Math.floor(key / 8), value: varint() };
      continue;
    }
    const size = type === 2 ? Number(varint()) : type === 1 ? 8 : type === 5 ? 4 : Number.NaN;
    if (!(at + size <= body.length)) throw new RangeError('a field that ends behind the body');
    yield { number: Math.floor(key / 8), value: body.subarray(at, at + size) };
    at += size;
  }
}
