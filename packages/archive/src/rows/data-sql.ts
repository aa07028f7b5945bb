import type { Condition } from '@tailrace/query';
import { dataPathOf, isDataFilter, parseComparison, parseNumber } from '@tailrace/schema';
import type { Sql } from './condition-sql.js';
import { double, quoted } from './sql-text.js';

/** Names and values that stand in JSON, and in an expression, as they are. */
const PLAIN = /^[\w -]+$/;
const NUMBER = String.raw`-?\d+(?:\.\d+)?(?:e[+-]?\d+)?`;

/**
 * What must stand in the text of `data` where a field has a value: the last name of its path, and behind it the value or a
 * list, of which SQL says no more.
 *
 * @returns `undefined` where SQL says nothing
 */
export function dataSql({ name, values }: Pick<Condition, 'name' | 'values'>): Sql | undefined {
  const last = (isDataFilter(name) ? dataPathOf(name) : undefined)?.at(-1);
  if (last === undefined || !PLAIN.test(last)) return undefined;
  const parts = values.map((value) => valueSql(last, String(value)));
  if (parts.some((part) => part === undefined)) return undefined;
  const known = parts as Sql[];
  return {
    text: `(contains("data", ${quoted(`${last}":[`)}) OR ${known.map(({ text }) => text).join(' OR ')})`,
    isExact: false,
  };
}

function valueSql(last: string, value: string): Sql | undefined {
  const comparison = parseComparison(value);
  if (comparison === 'invalid') return { text: 'false', isExact: false };
  if (comparison !== undefined) {
    const { operator, number } = comparison;
    const most = operator.startsWith('>') ? 'list_max' : 'list_min';
    const pattern = `${last}":"?[+]?(${NUMBER}|[+-]?\\.\\d+|\\d+\\.)`;
    const found = `regexp_extract_all("data", ${quoted(pattern)}, 1, 'i')`;
    const numbers = `list_transform(${found}, lambda text: try_cast(text AS DOUBLE))`;
    return {
      text: `coalesce(${most}(${numbers}) ${operator} ${double(number)}, false)`,
      isExact: false,
    };
  }
  const number = parseNumber(value);
  const texts = [
    ...(PLAIN.test(value) ? [`"${value}"`, value] : []),
    ...(number === undefined ? [] : [String(number)]),
  ];
  // A number may be written in many ways, and other texts are escaped in theirs.
  if (texts.length === 0 || (number !== undefined && !PLAIN.test(value) && !/^[\d.+-]+$/.test(value)))
    return undefined;
  const written = number === undefined || PLAIN.test(value) ? texts : [...texts, `"${value}"`];
  const any = written.map((text) => text.replaceAll(/[.+]/g, '\\$&')).join('|');
  return { text: `regexp_matches("data", ${quoted(`${last}":(?:${any})[,}]`)}, 'i')`, isExact: false };
}
