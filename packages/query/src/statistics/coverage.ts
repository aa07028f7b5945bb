import { HOUR_MS, type MINUTE_MS, type TimeWindow } from '@tailrace/schema';

/** What time some figures are about, and whether that is the window asked for. */
export interface Coverage {
  /** Epoch milliseconds, both ends included. */
  readonly from: number;
  readonly to: number;
  /** Exactly the window asked for, and counted one by one. */
  readonly isExact: boolean;
  /** Why the figures are not exact. */
  readonly note?: string | undefined;
}

/** The figures are of every entry in the window. */
export function exactly({ from, to }: TimeWindow): Coverage {
  return { from, to, isExact: true };
}

/** Counters of one length of time that are kept for some days. */
export interface Counted {
  readonly stepMs: typeof MINUTE_MS | typeof HOUR_MS;
  readonly keptMs: number;
}

/** What counters can say about a window. */
export interface CountedWindow {
  readonly coverage: Coverage;
  /** The starts of the steps to read, newest first; empty when the whole window is past what is kept. */
  readonly steps: readonly number[];
}

/**
 * The window as counters know it: rounded outwards to whole steps, not further back than they are kept, and not
 * beyond what can have been counted by `now`.
 */
export function countedWindow(window: TimeWindow, { stepMs, keptMs }: Counted, now: number): CountedWindow {
  const floor = (time: number) => Math.floor(time / stepMs) * stepMs;
  const oldest = floor(now - keptMs) + stepMs;
  const keptSince = `only kept since ${new Date(oldest).toISOString()}`;
  if (window.to < oldest) return { coverage: { ...window, isExact: false, note: keptSince }, steps: [] };
  const from = Math.max(floor(window.from), oldest);
  const to = Math.min(floor(window.to) + stepMs - 1, Math.max(now, window.to));
  const isRounded = from < window.from || to > window.to;
  const notes = [
    ...(isRounded ? [`counted by whole ${stepMs === HOUR_MS ? 'hours' : 'minutes'}`] : []),
    ...(from > window.from ? [keptSince] : []),
  ];
  const note = notes.length > 0 ? notes.join('; ') : undefined;
  const first = from / stepMs;
  const steps = Array.from({ length: floor(to) / stepMs - first + 1 }, (_, i) => (first + i) * stepMs);
  return { coverage: { from, to, isExact: note === undefined, note }, steps: steps.reverse() };
}
