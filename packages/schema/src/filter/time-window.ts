import { HOUR_MS } from '../storage/clock-hour.js';

/** @default 24, spec 003 "Query Parameters" */
export const DEFAULT_HOURS = 24;

/** A span of time in epoch milliseconds, both ends included. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** What a query says of its window. */
export interface WindowQuery {
  /** Hours to look back from `to`. @default 24 */
  readonly hours?: number | undefined;
  /** Epoch milliseconds. */
  readonly from?: number | undefined;
  /** Epoch milliseconds. @default now */
  readonly to?: number | undefined;
}

/** The window a query asks for, in whole milliseconds, seen from `now`. */
export function windowOf(query: WindowQuery, now: number): TimeWindow {
  const to = query.to ?? now;
  return { from: query.from ?? to - Math.round((query.hours ?? DEFAULT_HOURS) * HOUR_MS), to };
}
