import { isJsonObject, type JsonValue } from '@tailrace/schema';

/** A value in the one spelling of the JSON Canonicalization Scheme (RFC 8785): names in the order of their UTF-16 units, no spaces. */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  // Numbers and texts: JSON.stringify writes them as RFC 8785 has it (sections 3.2.2.2 and 3.2.2.3).
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name] as JsonValue)}`);
  return `{${members.join(',')}}`;
}
