import { DEFAULT_HOURS } from '@tailrace/schema';
import { printable } from '../print/printable.js';
import type { QueryParameters } from './query-parameters.js';

/** Parameters that are no filter. */
const OTHERS: ReadonlySet<string> = new Set([
  'hours',
  'from',
  'to',
  'limit',
  'cursor',
  'order',
  'threshold',
  'abandoned_after_s',
]);

/**
 * What a query without a result was about: `no entries with level=ERROR in the last 24 hours`.
 *
 * @param things what was looked for: `entries`, `requests`
 */
export function nothingFound(things: string, query: QueryParameters): string {
  const filters = Object.entries(query).flatMap(([name, value]) =>
    OTHERS.has(name) || value === undefined || value.length === 0
      ? []
      : [`${name}=${[value].flat().join(',')}`],
  );
  const filtered = filters.length === 0 ? '' : ` with ${filters.join(' ')}`;
  return printable(`no ${things}${filtered} ${windowText(query)}`);
}

function windowText({ hours, from, to }: QueryParameters): string {
  const span = spanText(Number(hours || DEFAULT_HOURS));
  if (from && to) return `from ${from} to ${to}`;
  if (from) return `since ${from}`;
  return to ? `in the ${span} before ${to}` : `in the last ${span}`;
}

function spanText(hours: number): string {
  return hours === 1 ? 'hour' : `${hours} hours`;
}
