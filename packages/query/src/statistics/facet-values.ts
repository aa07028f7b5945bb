import {
  dataPathOf,
  type Entry,
  FACET_COLUMNS,
  type FacetField,
  type FacetName,
  isDataFilter,
  type JsonValue,
  pathValue,
} from '@tailrace/schema';

/**
 * Makes the function that says under which values an entry is counted: each once, none for an entry without the field. A list
 * in `data` counts under each of its elements, an object under none.
 */
export function facetValues(field: FacetName): (entry: Entry) => readonly string[] {
  if (isDataFilter(field)) return dataValues(dataPathOf(field) ?? []);
  if (field === 'pattern') {
    return (entry) => (entry.kind === 'request' ? [pathValue(entry) ?? []].flat() : []);
  }
  const column = FACET_COLUMNS[field as FacetField];
  return ({ [column]: value }) => (value === undefined ? [] : [String(value)]);
}

/** A name in `data` may hold dots itself, so the path a, b also finds the name `a.b`, as a filter does. */
function dataValues(path: readonly string[]): (entry: Entry) => readonly string[] {
  return ({ data }) => {
    if (data === undefined || path.length === 0) return [];
    const values = new Set<string>();
    collect(data, 0, values);
    return [...values];
  };

  function collect(at: JsonValue, depth: number, values: Set<string>): void {
    if (Array.isArray(at)) {
      for (const element of at) collect(element, depth, values);
    } else if (depth === path.length) {
      if (typeof at !== 'object' || at === null) values.add(String(at));
    } else if (typeof at === 'object' && at !== null) {
      for (let end = depth + 1; end <= path.length; end++) {
        const name = path.slice(depth, end).join('.');
        if (Object.hasOwn(at, name)) collect(at[name] as JsonValue, end, values);
      }
    }
  }
}
