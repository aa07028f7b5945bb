import type { LogsReply } from '@tailrace/api';
import { type Cursor, encodeCursor, type StatusRange, type TimeWindow } from '@tailrace/schema';
import { queryWindow } from './query-window.js';

/** The parameters several endpoints have, as their schemas read them. */
interface SharedParameters {
  readonly hours?: number | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: Cursor | undefined;
}

/** A query in its parts. */
export interface UnderstoodQuery<Query extends SharedParameters> {
  readonly window: TimeWindow;
  readonly limit: Query['limit'];
  readonly cursor: Query['cursor'];
  /** All other parameters: the filter, and what an endpoint has of its own. */
  readonly filter: Omit<Query, keyof SharedParameters>;
  /** The query as it was understood, for the reply: so whoever asked sees what defaults and aliases became. */
  readonly shown: LogsReply['query'];
}

/**
 * Takes a query apart: window, page and the rest.
 *
 * @param now epoch milliseconds
 * @throws RequestError when the window begins after now and has no end.
 */
export function understandQuery<Query extends SharedParameters>(
  query: Query,
  now: number,
): UnderstoodQuery<Query> {
  const { hours: _hours, from: _from, to: _to, limit, cursor, ...filter } = query;
  const window = queryWindow(query, now);
  return { window, limit, cursor, filter, shown: shownQuery(query, window) };
}

function shownQuery({ hours: _hours, from: _from, to: _to, ...rest }: SharedParameters, window: TimeWindow) {
  const shown = Object.entries(rest).map(([name, value]) => [name, shownParameter(name, value)]);
  return {
    ...Object.fromEntries(shown),
    from: new Date(window.from).toISOString(),
    to: new Date(window.to).toISOString(),
  };
}

function shownParameter(name: string, value: unknown): unknown {
  if (name === 'cursor') return value === undefined ? undefined : encodeCursor(value as Cursor);
  return name === 'status' || name === 'status!' ? shownStatus(value) : value;
}

function shownStatus(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shownStatus);
  const { from, to } = value as StatusRange;
  return from === to ? String(from) : `${from}-${to}`;
}
