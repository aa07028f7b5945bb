import type { Coverage } from '@tailrace/query';
import type { Entry } from '@tailrace/schema';
import type { Duck, DuckRow } from '../duck/duck.js';

/** What one question is about: the SQL of the sealed part, and the matches that are unsealed. */
export interface Asked {
  readonly sql: string | undefined;
  readonly fresh: readonly Entry[];
  readonly coverage: Coverage;
}

/** Asks the sealed part of a question. @returns no rows where no file is concerned */
export async function rowsOf(
  duck: Duck,
  asked: Asked,
  {
    select,
    rest,
    signal,
  }: { readonly select: string; readonly rest: string; readonly signal?: AbortSignal | undefined },
): Promise<readonly DuckRow[]> {
  if (asked.sql === undefined) return [];
  return duck.query(`SELECT ${select} ${asked.sql} ${rest}`, { signal });
}
