import { type CompiledFilter, type Condition, TEXT_FIELDS, textDecisionOf } from '@tailrace/query';
import { LEVEL_NAMES, type Level, levelsFrom, type StatusRange } from '@tailrace/schema';
import type { DuckValue } from '../duck/duck-protocol.js';
import { type Column, named } from './columns.js';
import { dataSql } from './data-sql.js';

/** A condition of SQL, with what stands for its `?`. */
export interface Sql {
  readonly text: string;
  readonly values: readonly DuckValue[];
  /** It holds for the rows the filter wants and for no other. */
  readonly isExact: boolean;
}

const EVERYTHING: Sql = { text: 'true', values: [], isExact: false };

/**
 * A condition that holds for every row a filter wants, and for as few others as SQL can tell. Rows with their whole JSON are
 * always taken, as their columns are not what was logged.
 */
export function conditionSql(filter: CompiledFilter): Sql {
  const parts = filter.conditions.map(partOf);
  const texts = textSql(filter);
  const all = [...parts, ...(texts === undefined ? [] : [texts])].filter(({ text }) => text !== 'true');
  const isExact = parts.every(({ isExact }) => isExact);
  if (all.length === 0) return { text: 'true', values: [], isExact };
  return {
    text: `("whole" IS NOT NULL OR (${all.map(({ text }) => text).join(' AND ')}))`,
    values: all.flatMap(({ values }) => values),
    isExact,
  };
}

function partOf(condition: Condition): Sql {
  const { field, values, isNegated } = condition;
  if (field === 'data') return (isNegated ? undefined : dataSql(condition)) ?? EVERYTHING;
  const parts = values.map((value) => valueSql(field, value));
  if (parts.some((part) => part === undefined)) return EVERYTHING;
  const known = parts as Sql[];
  const isExact = known.every(({ isExact }) => isExact);
  // The contrary of more rows than are wanted is fewer than are wanted.
  if (isNegated && !isExact) return EVERYTHING;
  const any = `coalesce(${known.map(({ text }) => text).join(' OR ') || 'false'}, false)`;
  return { text: isNegated ? `NOT ${any}` : any, values: known.flatMap(({ values }) => values), isExact };
}

const TEXT_COLUMNS: Readonly<Record<string, Column>> = {
  fqdn: 'client_hostname',
  host: 'proxy_hostname',
  user: 'user_id',
  session: 'session_id',
  client: 'client_id',
  trace: 'trace_id',
  component: 'component',
  outcome: 'outcome',
};

/** @returns `undefined` where SQL says nothing. */
function valueSql(field: Condition['field'], value: unknown): Sql | undefined {
  const column = TEXT_COLUMNS[field];
  if (column !== undefined) return exactly(`${named(column)} = ?`, value as string);
  switch (field) {
    case 'ip':
      return String(value).includes('/') ? undefined : exactly('"client_ip" = ?', value as string);
    case 'hostname':
      return exactly('("client_hostname" = ? OR "proxy_hostname" = ?)', value as string, value as string);
    case 'event': {
      const event = String(value);
      return event.endsWith('*')
        ? exactly('starts_with("event", ?)', event.slice(0, -1))
        : exactly('"event" = ?', event);
    }
    case 'level':
      return exactly('"level" = ?', value as string);
    case 'min_level':
      return levelsSql(levelsFrom(value as Level));
    case 'method':
      return exactly('upper("method") = ?', value as string);
    case 'status': {
      const { from, to } = value as StatusRange;
      return exactly('("is_request" AND "status_code" BETWEEN ? AND ?)', from, to);
    }
    case 'path':
      return pathSql(String(value));
    case 'min_ms':
      return exactly('"response_time_ms" >= ?', value as number);
    case 'max_ms':
      return exactly('"response_time_ms" <= ?', value as number);
    case 'object':
      return exactly('list_contains("objects", ?)', value as string);
    case 'kind':
      return exactly(`"is_request" = ${value === 'request'}`);
    default:
      return undefined;
  }
}

function levelsSql(levels: readonly Level[]): Sql {
  const names = levels.length === LEVEL_NAMES.length ? LEVEL_NAMES : levels;
  return exactly(`"level" IN (${names.map((name) => `'${name}'`).join(', ')})`);
}

function pathSql(path: string): Sql {
  const [start = ''] = path.split('*', 1);
  if (start === path) {
    // A path is compared without its query.
    if (/[?#]/.test(path)) return exactly('false');
    const isPath = '("path" = ? OR starts_with("path", ?) OR starts_with("path", ?))';
    return exactly(isPath, path, `${path}?`, `${path}#`);
  }
  return { ...exactly('starts_with("path", ?)', start), isExact: false };
}

function exactly(text: string, ...values: DuckValue[]): Sql {
  return { text, values, isExact: true };
}

/** The texts that must stand in a row somewhere, as `q` and `data.*` ask for them. */
function textSql(filter: CompiledFilter): Sql | undefined {
  const decision = textDecisionOf(filter);
  if (decision === undefined) return undefined;
  const columns: string[] = decision.fields.map((name) => named(name as Column));
  if (decision.fields.length === TEXT_FIELDS.length) {
    columns.push(`CASE WHEN "message" IS NULL THEN concat_ws(' ', "method", "path", "status_code") END`);
  }
  const folds = decision.foldings.length > 0 ? '"has_foldings" OR ' : '';
  const needles = decision.needles.map(
    () => `(${folds}${columns.map((column) => `contains(lower(${column}), ?)`).join(' OR ')})`,
  );
  return {
    text: `coalesce(${needles.join(' AND ')}, false)`.replaceAll(
      /contains\([^?]+\?\)/g,
      (part) => `coalesce(${part}, false)`,
    ),
    values: decision.needles.flatMap((needle) => columns.map(() => needle)),
    isExact: false,
  };
}
