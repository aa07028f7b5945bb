import type { LogsReply } from '@tailrace/api';
import type { StatusRange, TimeWindow } from '@tailrace/schema';

/** A query as it was understood, so that whoever asked can see what the defaults and aliases became. */
export function shownQuery(query: Readonly<Record<string, unknown>>, window: TimeWindow): LogsReply['query'] {
  const { hours: _hours, from: _from, to: _to, ...rest } = query;
  const shown = Object.entries(rest).map(([name, value]) => [
    name,
    name === 'status' || name === 'status!' ? shownStatus(value) : value,
  ]);
  return {
    ...Object.fromEntries(shown),
    from: new Date(window.from).toISOString(),
    to: new Date(window.to).toISOString(),
  };
}

function shownStatus(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shownStatus);
  const { from, to } = value as StatusRange;
  return from === to ? String(from) : `${from}-${to}`;
}
