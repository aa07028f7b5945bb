import { found } from './search.js';

const LOOKED_AT = 200;
const MAX_FIELDS = 200;
const MAX_DEPTH = 4;

/** Paths in the data of the entries that are loaded, by a look at the first of them: `data.order.id`. */
export function dataFields(): string[] {
  const names = new Set<string>();
  for (const { data } of found.value.entries.slice(0, LOOKED_AT)) {
    if (data !== undefined) collect(data, 'data', names, 0);
  }
  return [...names].sort().slice(0, MAX_FIELDS);
}

function collect(value: object, path: string, names: Set<string>, depth: number): void {
  if (Array.isArray(value) || depth > MAX_DEPTH) return;
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'object' && member !== null) collect(member, `${path}.${name}`, names, depth + 1);
    else names.add(`${path}.${name}`);
  }
}
