import { highest } from '@tailrace/query';
import type { Duck } from '../duck/duck.js';
import { type Column, named } from '../rows/columns.js';
import { quoted } from '../rows/sql-text.js';
import { type Asked, rowsOf } from './asked.js';

/** @see mostFrequent */
export interface FrequentOptions {
  readonly column: Column;
  /** Values of the unsealed matches, with counts. */
  readonly fresh: ReadonlyMap<string, number>;
  readonly limit: number;
  readonly requestsOnly?: boolean;
}

/**
 * The most frequent values of a column, sealed and unsealed ones counted together, exactly. Of the sealed ones only those are
 * read that can be among them: the most frequent, and those that are unsealed as well.
 */
export async function mostFrequent(
  duck: Duck,
  asked: Asked,
  { column, fresh, limit, requestsOnly = false }: FrequentOptions,
  signal?: AbortSignal,
): Promise<[string, number][]> {
  const value = `CAST(${named(column)} AS VARCHAR)`;
  const select = `${value} AS "value", count(*) AS "count"`;
  const wanted = `${requestsOnly ? 'AND "is_request" ' : ''}AND ${named(column)} IS NOT NULL`;
  const counts = new Map(fresh);
  const add = (rows: Awaited<ReturnType<typeof rowsOf>>) => {
    for (const [name, count] of rows)
      counts.set(String(name), Number(count) + (fresh.get(String(name)) ?? 0));
  };
  const order = 'GROUP BY 1 ORDER BY "count" DESC, "value"';
  // The unsealed values may stand before as many others.
  const top = await rowsOf(duck, asked, {
    select,
    rest: `${wanted} ${order} LIMIT ${limit + fresh.size}`,
    signal,
  });
  add(top);
  const found = new Set(top.map(([name]) => String(name)));
  const rest = [...fresh.keys()].filter((name) => !found.has(name));
  if (top.length === limit + fresh.size && rest.length > 0) {
    add(
      await rowsOf(duck, asked, {
        select,
        rest: `${wanted} AND ${value} IN (${rest.map(quoted).join(', ')}) GROUP BY 1`,
        signal,
      }),
    );
  }
  return highest(counts, limit);
}
