import { isRecord } from '../json/json-record.js';

const MAX_DEPTH = 32;

/**
 * An `AnyValue` of OTLP as plain JSON. Integers come as texts; those a number holds become numbers.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export function otlpValue(value: unknown, depth = 0): unknown {
  if (!isRecord(value) || depth > MAX_DEPTH) return undefined;
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue } = value;
  if (stringValue !== undefined) return stringValue;
  if (boolValue !== undefined) return boolValue;
  if (intValue !== undefined)
    return Number.isSafeInteger(Number(intValue)) ? Number(intValue) : String(intValue);
  if (doubleValue !== undefined) return doubleValue;
  if (bytesValue !== undefined) return bytesValue;
  if (isRecord(arrayValue))
    return listOf(arrayValue.values).map((item) => otlpValue(item, depth + 1) ?? null);
  if (isRecord(kvlistValue)) return otlpAttributes(kvlistValue.values, depth + 1);
  return undefined;
}

/** A list of `KeyValue`s as an object. */
export function otlpAttributes(attributes: unknown, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    listOf(attributes).flatMap((pair) => {
      if (!isRecord(pair) || typeof pair.key !== 'string') return [];
      const value = otlpValue(pair.value, depth);
      return value === undefined ? [] : [[pair.key, value] as const];
    }),
  );
}

/** A repeated field, which may be left out. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
