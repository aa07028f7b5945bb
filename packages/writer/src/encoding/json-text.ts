/**
 * The JSON of a value, whose lone surrogates become U+FFFD, as those of every text do. JSON could say them, but no filter
 * could: a URL and Redis hold UTF-8.
 */
export function jsonTextOf(value: unknown): string {
  const json = JSON.stringify(value);
  return json.includes(SURROGATE) ? JSON.stringify(wellFormed(value)) : json;
}

/** How JSON.stringify begins what it makes of a lone surrogate; other texts may hold this too. */
const SURROGATE = '\\ud';

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(wellFormed);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.toWellFormed(), wellFormed(member)]),
  );
}
