/** @default 5000 ms */
export const CLOSE_DEADLINE_MS = 5_000;

/** What a timer can take: 24 days stand for ever, and what is no time for the default. */
export function timerMs(ms: number): number {
  return typeof ms === 'number' && ms >= 0 ? Math.min(ms, MAX_TIMER_MS) : CLOSE_DEADLINE_MS;
}

const MAX_TIMER_MS = 2 ** 31 - 1;
