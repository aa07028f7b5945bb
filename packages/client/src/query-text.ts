/** A value of a query parameter; a list is given as often as it has values, `undefined` not at all. */
export type QueryValue = string | number | Date | readonly (string | number)[] | undefined;

/** The query of a URL with its `?`, or nothing. */
export function queryText(query: Readonly<Record<string, QueryValue>>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [value].flat().map((one): [string, string] => [name, textOf(one)]);
  });
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}

function textOf(value: string | number | Date): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
