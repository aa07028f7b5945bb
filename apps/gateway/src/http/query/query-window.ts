import type { LogQuery } from '@tailrace/api';
import { type TimeWindow, windowOf } from '@tailrace/schema';
import { RequestError } from '../errors/request-error.js';
import { shownValue } from '../errors/shown-value.js';

/**
 * The window a query asks for, seen from `now`.
 *
 * @throws RequestError when it begins after now and has no end.
 */
export function queryWindow(query: Pick<LogQuery, 'hours' | 'from' | 'to'>, now: number): TimeWindow {
  const window = windowOf(query, now);
  if (window.from <= window.to) return window;
  const [from, to] = [window.from, window.to].map((time) => new Date(time).toISOString());
  const message = `from is ${shownValue(from)}: must not be later than now (${to}) without a to`;
  throw new RequestError('invalid_parameter', message, 'from');
}
