import { type CompiledFilter, type Condition, TEXT_FIELDS, textDecisionOf } from '@tailrace/query';
import { LEVEL_NAMES, type Level, levelsFrom, type StatusRange } from '@tailrace/schema';
import { type Column, named } from './columns.js';
import { dataSql } from './data-sql.js';
import { double, quoted } from './sql-text.js';

/** A condition of SQL. */
export interface Sql {
  readonly text: string;
  /** It holds for the rows the filter wants and for no other. */
  readonly isExact: boolean;
}

const EVERYTHING: Sql = { text: 'true', isExact: false };

/**
 * A condition that holds for every row a filter wants, and for as few others as SQL can tell. It says nothing of rows with their
 * whole JSON, as their columns are not what was logged.
 */
export function conditionSql(filter: CompiledFilter): Sql {
  const parts = filter.conditions.map(partOf);
  const texts = textSql(filter);
  const all = [...parts, ...(texts === undefined ? [] : [texts])].filter(({ text }) => text !== 'true');
  const isExact = parts.every(({ isExact }) => isExact);
  return { text: all.map(({ text }) => text).join(' AND ') || 'true', isExact };
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
  const any = known.map(({ text }) => text).join(' OR ') || 'false';
  return { text: isNegated ? `NOT coalesce(${any}, false)` : `(${any})`, isExact };
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
  if (column !== undefined) return exactly(`${named(column)} = ${quoted(String(value))}`);
  const text = quoted(String(value));
  switch (field) {
    case 'ip':
      return String(value).includes('/') ? undefined : exactly(`"client_ip" = ${text}`);
    case 'hostname':
      return exactly(`("client_hostname" = ${text} OR "proxy_hostname" = ${text})`);
    case 'event': {
      const event = String(value);
      return event.endsWith('*')
        ? exactly(`starts_with("event", ${quoted(event.slice(0, -1))})`)
        : exactly(`"event" = ${text}`);
    }
    case 'level':
      return exactly(`"level" = ${text}`);
    case 'min_level':
      return levelsSql(levelsFrom(value as Level));
    case 'method':
      return exactly(`upper("method") = ${text}`);
    case 'status': {
      const { from, to } = value as StatusRange;
      return exactly(`("is_request" AND "status_code" BETWEEN ${from} AND ${to})`);
    }
    case 'path':
      return pathSql(String(value));
    case 'min_ms':
      return exactly(`"response_time_ms" >= ${double(Number(value))}`);
    case 'max_ms':
      return exactly(`"response_time_ms" <= ${double(Number(value))}`);
    case 'object':
      return exactly(`list_contains("objects", ${text})`);
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
    const starts = ['?', '#'].map((end) => `starts_with("path", ${quoted(path + end)})`);
    return exactly(`("path" = ${quoted(path)} OR ${starts.join(' OR ')})`);
  }
  return { text: `starts_with("path", ${quoted(start)})`, isExact: false };
}

function exactly(text: string): Sql {
  return { text, isExact: true };
}

/** The texts that must stand in a row somewhere, as `q` asks for them, and `data.*` where SQL says nothing more of it. */
function textSql(filter: CompiledFilter): Sql | undefined {
  const conditions = filter.conditions.filter(
    (condition) => condition.field !== 'data' || dataSql(condition) === undefined,
  );
  const decision = textDecisionOf({ ...filter, conditions });
  if (decision === undefined) return undefined;
  const columns: string[] = decision.fields.map((name) => named(name as Column));
  if (decision.fields.length === TEXT_FIELDS.length) columns.push(lineSql(decision.line));
  const folds = decision.foldings.length > 0 ? '"has_foldings" OR ' : '';
  const needles = decision.needles.map(
    (needle) => `(${folds}${columns.map((column) => containsSql(column, needle)).join(' OR ')})`,
  );
  return { text: needles.join(' AND '), isExact: false };
}

/**
 * What a request's message has beside its path, where it is its request line: the method alone is a column of few values, the
 * whole line must be put together for each row.
 */
function lineSql(line: readonly string[]): string {
  if (!line.includes('status_code')) return '"method"';
  return `CASE WHEN "message" IS NULL THEN concat_ws(' ', ${line.map((name) => named(name as Column)).join(', ')}) END`;
}

/** A text without letters is looked for as it is. */
function containsSql(column: string, needle: string): string {
  const text = /[a-z]/.test(needle) ? `lower(${column})` : column;
  return `coalesce(contains(${text}, ${quoted(needle)}), false)`;
}
