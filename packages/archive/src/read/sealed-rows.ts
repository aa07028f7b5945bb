import { join } from 'node:path';
import type { CompiledFilter } from '@tailrace/query';
import type { Cursor, TimeWindow } from '@tailrace/schema';
import type { SealedFile } from '../manifest/manifest.js';
import { conditionSql } from '../rows/condition-sql.js';
import { quoted } from '../rows/sql-text.js';

/** Rows of some files, as SQL. */
export interface RowsSql {
  /** `FROM … WHERE …` */
  readonly text: string;
  /** What stands behind `FROM`. */
  readonly table: string;
  /** The rows are just those the filter wants. */
  readonly isExact: boolean;
}

/** What of the files is wanted. */
export interface RowsWanted {
  readonly folder: string;
  readonly files: readonly SealedFile[];
  readonly filter: CompiledFilter;
  readonly window: TimeWindow;
  /** Only what comes behind it, which is older. */
  readonly cursor?: Cursor | undefined;
  readonly errorsOnly?: boolean;
  /** Ids of entries no read shows. @default there are none */
  readonly hidden?: readonly string[] | undefined;
  /** Adds the columns `filename` and `file_row_number`. @default false */
  readonly hasNames?: boolean;
}

const IS_ERROR = `("level" IN ('ERROR', 'CRITICAL') OR ("is_request" AND coalesce("status_code" >= 400, false)))`;

/** The rows a search must look at: all matches, and others only where SQL cannot tell. */
export function rowsSql({
  folder,
  files,
  filter,
  window,
  cursor,
  errorsOnly = false,
  hidden = [],
  hasNames = false,
}: RowsWanted): RowsSql {
  const { text, isExact } = conditionSql(filter);
  const conditions = ['true'];
  // Asked only where some file goes beyond the window: a column less to read.
  if (files.some(({ from, to }) => from < window.from || to > window.to))
    conditions.push(`"timestamp" BETWEEN ${window.from} AND ${window.to}`);
  if (errorsOnly) conditions.push(IS_ERROR);
  if (hidden.length > 0) conditions.push(`"id" NOT IN (${hidden.map(quoted).join(', ')})`);
  if (cursor !== undefined) {
    const { timestamp, order, id } = cursor;
    // The zone maps know the first part, the rest is asked of few rows.
    conditions.push(`"timestamp" <= ${timestamp}`);
    conditions.push(
      `("timestamp" < ${timestamp} OR coalesce("order", 0) < ${order} OR (coalesce("order", 0) = ${order} AND "id" < ${quoted(id)}))`,
    );
  }
  const table = filesSql(folder, files, hasNames);
  const within = `FROM ${table} WHERE ${conditions.join(' AND ')}`;
  if (text === 'true') return { text: within, table, isExact };
  // Two reads, as zone maps and blooms help with none of the parts of an OR.
  const known = `SELECT * ${within} AND "whole" IS NULL AND ${text}`;
  const odd = `SELECT * ${within} AND "whole" IS NOT NULL`;
  return { text: `FROM (${known} UNION ALL ${odd}) WHERE true`, table, isExact };
}

/** The newest first, as everything is sorted. */
export const NEWEST_FIRST = '"timestamp" DESC, coalesce("order", 0) DESC, "id" DESC';

/** A table of all rows of some files. */
export function filesSql(folder: string, files: readonly SealedFile[], hasNames = false): string {
  return `read_parquet([${files.map(({ name }) => quoted(join(folder, name))).join(', ')}]${hasNames ? ', filename = true, file_row_number = true' : ''})`;
}
