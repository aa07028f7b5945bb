import { DEFAULT_COMPONENT, type Entry, type JsonValue, REQUEST_COMPONENT } from './entry.js';
import { kindOfId, requestMessage } from './entry-hash.js';
import { levelOfStatus } from './level.js';

/**
 * A value in the one spelling of the JSON Canonicalization Scheme (RFC 8785): names in the order of their UTF-16 units, no
 * spaces. Lone surrogates, which it does not allow, become U+FFFD as in what is stored.
 */
export function canonicalJson(value: JsonValue): string {
  // Numbers and texts: JSON.stringify writes them as RFC 8785 has it (sections 3.2.2.2 and 3.2.2.3).
  if (typeof value === 'string') return JSON.stringify(value.toWellFormed());
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  let members = '';
  for (const name of Object.keys(value).sort()) {
    const member = value[name];
    if (member === undefined) continue;
    members += `${members === '' ? '' : ','}${JSON.stringify(name.toWellFormed())}:${canonicalJson(member)}`;
  }
  return `{${members}}`;
}

/**
 * An entry in that spelling: every field but `kind`, which its id says, `timestamp` in epoch milliseconds, and `order` where it
 * is not 0. It is the same before the entry is stored and wherever it is read.
 */
export function canonicalEntry(entry: Entry): string {
  const { kind: _, order, level, component, message, ...fields } = entry;
  const isRequest = kindOfId(entry.id) === 'request';
  // What is not stored because another field says it, as it is read.
  const whole = {
    ...fields,
    level: level ?? (isRequest ? levelOfStatus(entry.status_code) : 'INFO'),
    component: component ?? (isRequest ? REQUEST_COMPONENT : DEFAULT_COMPONENT),
    message: isRequest && (message ?? '') === '' ? requestMessage(entry) : (message ?? ''),
    ...(order && { order }),
  };
  return canonicalJson(whole as unknown as JsonValue);
}
