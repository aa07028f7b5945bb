import { grow } from '@tailrace/query';
import { pathValue } from '@tailrace/schema';
import type { Duck } from '../duck/duck.js';
import { type Asked, rowsOf } from './asked.js';

/** Different paths read at once: each is a row in the memory of both processes. */
const PATHS_AT_ONCE = 200_000;

/**
 * Counts sealed requests by `METHOD:pattern`. There are few patterns and any number of paths, so the paths are read in slices by
 * their hash.
 *
 * @param options.pathsAtOnce @default 200000
 */
export async function pathCounts(
  duck: Duck,
  asked: Asked,
  {
    pathsAtOnce = PATHS_AT_ONCE,
    signal,
  }: { readonly pathsAtOnce?: number; readonly signal?: AbortSignal } = {},
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const [row] = await rowsOf(duck, asked, {
    select: 'approx_count_distinct("path")',
    rest: 'AND "is_request"',
    signal,
  });
  const slices = Math.ceil(Number(row?.[0] ?? 0) / pathsAtOnce);
  for (let slice = 0; slice < slices; slice++) {
    const within = slices > 1 ? `AND hash("path") % ${slices} = ${slice} ` : '';
    const groups = await rowsOf(duck, asked, {
      select: '"method", "path", "route", "status_code", count(*)',
      rest: `AND "is_request" AND "path" IS NOT NULL ${within}GROUP BY ALL`,
      signal,
    });
    for (const [method, path, route, status, count] of groups) {
      const value = pathValue({
        ...(method !== null && { method: String(method) }),
        ...(path !== null && { path: String(path) }),
        ...(route !== null && { route: String(route) }),
        ...(status !== null && { status_code: Number(status) }),
      });
      if (value !== undefined) grow(counts, value, Number(count));
    }
  }
  return counts;
}
