const MAX_SHOWN = 80;

/** A value in an error about it: short, in one line, and never a reason to throw. */
export function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null) return kindOf(value);
  if (typeof value === 'function') return 'a function';
  const text = String(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

/** What a value is, where something of another shape is needed. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object') return KINDS[typeof value] ?? 'something else';
  try {
    return Array.isArray(value) ? 'a list' : 'an object';
  } catch {
    return 'an object';
  }
}

const KINDS: Readonly<Partial<Record<string, string>>> = {
  string: 'a text',
  number: 'a number',
  bigint: 'a number',
  symbol: 'a symbol',
  function: 'a function',
};
