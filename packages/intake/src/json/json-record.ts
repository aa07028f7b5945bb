/** A JSON object as it came from a line. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** Whether a value is an object, no list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Missing, or what formats write for it. */
export function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === '-';
}

/** The value at a path of keys, each an object's own. */
export function valueAt(holder: unknown, ...names: readonly string[]): unknown {
  let value = holder;
  for (const name of names) {
    if (!isRecord(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** A text, `undefined` for anything else. */
export function stringAt(holder: unknown, ...names: readonly string[]): string | undefined {
  const value = valueAt(holder, ...names);
  return typeof value === 'string' ? value : undefined;
}

/** A copy without some keys. */
export function without(record: JsonRecord, ...names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}
