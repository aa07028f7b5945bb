import { type DataFilterName, dataPathOf, type Entry, isDataFilter, type JsonValue } from '@tailrace/schema';
import { fingerprintOf } from '../errors/fingerprint.js';
import { normalText } from '../errors/normal-message.js';

/** Fields of an entry, beside those of its data, that rules may measure and group by, by their names in queries. */
export const RULE_FIELDS = {
  level: 'level',
  component: 'component',
  status: 'status_code',
  method: 'method',
  host: 'proxy_hostname',
  fqdn: 'client_hostname',
  ip: 'client_ip',
  user: 'user_id',
  session: 'session_id',
  event: 'event',
  client: 'client_id',
  outcome: 'outcome',
  route: 'route',
  path: 'path',
  trace: 'trace_id',
  kind: 'kind',
  ms: 'response_time_ms',
  bytes: 'bytes_sent',
} as const satisfies Readonly<Record<string, keyof Entry>>;

/** What is worked out of an entry: the group of errors it is in, and what it says without what differs. */
const WORKED_OUT: Readonly<Record<string, (entry: Entry) => string>> = {
  fingerprint: (entry) => fingerprintOf(entry).id,
  pattern: (entry) => (entry.error === undefined ? normalText(entry) : fingerprintOf(entry).message),
};

/** Whether a rule may name it: one of {@link RULE_FIELDS}, `fingerprint`, `pattern`, or `data.` and a path. */
export function isRuleField(name: string): boolean {
  return (
    Object.hasOwn(RULE_FIELDS, name) ||
    Object.hasOwn(WORKED_OUT, name) ||
    (isDataFilter(name) && dataPathOf(name) !== undefined)
  );
}

/** Reads a field of entries. */
export function fieldReader(name: string): (entry: Entry) => JsonValue | undefined {
  const workOut = Object.hasOwn(WORKED_OUT, name) ? WORKED_OUT[name] : undefined;
  if (workOut !== undefined) return workOut;
  if (!isDataFilter(name)) {
    const field = RULE_FIELDS[name as keyof typeof RULE_FIELDS];
    return (entry) => entry[field];
  }
  const path = dataPathOf(name as DataFilterName) ?? [];
  return ({ data }) => {
    let at: JsonValue | undefined = data;
    for (const part of path) {
      if (typeof at !== 'object' || at === null || Array.isArray(at) || !Object.hasOwn(at, part))
        return undefined;
      at = at[part];
    }
    return at;
  };
}

/** The number a value is, `undefined` for what is no number. */
export function numberOf(value: JsonValue | undefined): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** What a group is called whose entries lack the field. */
export const NO_GROUP_VALUE = '-';
const MAX_GROUP_VALUE = 200;

/** Makes the function from an entry to its group: the values as a JSON list; `''` for a rule without groups. */
export function groupReader(fields: readonly string[]): (entry: Entry) => string {
  if (fields.length === 0) return () => '';
  const readers = fields.map(fieldReader);
  return (entry) => groupOfValues(readers.map((read) => read(entry)));
}

/** The group that values of the fields make. */
export function groupOfValues(values: readonly (JsonValue | undefined)[]): string {
  return values.length === 0 ? '' : JSON.stringify(values.map(shown));
}

/** The fields of a group with their values. */
export function groupLabels(fields: readonly string[], group: string): Record<string, string> {
  if (group === '') return {};
  const values = JSON.parse(group) as string[];
  return Object.fromEntries(fields.map((field, i) => [field, values[i] ?? NO_GROUP_VALUE]));
}

/** The group that has these labels; `undefined` where they are not those of the fields. */
export function groupOfLabels(
  fields: readonly string[],
  labels: Readonly<Record<string, string>>,
): string | undefined {
  const isSame =
    Object.keys(labels).length === fields.length && fields.every((name) => Object.hasOwn(labels, name));
  if (!isSame) return undefined;
  return fields.length === 0 ? '' : JSON.stringify(fields.map((name) => labels[name]));
}

function shown(value: JsonValue | undefined): string {
  if (value === undefined || value === null || value === '') return NO_GROUP_VALUE;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.slice(0, MAX_GROUP_VALUE);
}
