import { DAY_MS, type Entry } from '@tailrace/schema';

/** How fast what is stored grows, and for how long there is room. */
export interface RedisGrowth {
  /** Bytes written a day; `null` when what is stored is too young to tell. */
  readonly bytesPerDay: number | null;
  /** Milliseconds of writing it is measured over: the newest day, or less. */
  readonly measuredMs: number;
  /** Days until `maxmemory` is reached; `null` when it is not, or nobody can tell. */
  readonly daysLeft: number | null;
  /** Why `daysLeft` is what it is. */
  readonly reason: 'no_bound' | 'too_young' | 'levels_off' | 'fills_up';
}

/** @see growthOf */
export interface GrowthFacts {
  readonly weighed: readonly { readonly entry: Entry; readonly weight: number; readonly bytes: number }[];
  /** Timestamp of the oldest entry. */
  readonly oldest: number | undefined;
  readonly now: number;
  /** Bytes that are free; `undefined`: there is no bound. */
  readonly room: number | undefined;
  /** Days after which most entries leave. */
  readonly keptDays: number;
}

/** Less than this says nothing about a day. */
const MIN_MEASURED_MS = 10 * 60_000;

/**
 * Entries leave after their days, so what is stored levels off when as many leave as come; until then it grows by what is
 * written.
 */
export function growthOf({ weighed, oldest, now, room, keptDays }: GrowthFacts): RedisGrowth {
  const age = oldest === undefined ? 0 : Math.max(0, now - oldest);
  const measuredMs = Math.min(DAY_MS, age);
  if (measuredMs < MIN_MEASURED_MS)
    return { bytesPerDay: null, measuredMs, daysLeft: null, reason: 'too_young' };
  const recent = weighed
    .filter(({ entry }) => entry.timestamp > now - measuredMs)
    .reduce((sum, { weight, bytes }) => sum + weight * bytes, 0);
  const bytesPerDay = Math.round((recent * DAY_MS) / measuredMs);
  if (room === undefined) return { bytesPerDay, measuredMs, daysLeft: null, reason: 'no_bound' };
  const growingDays = Math.max(0, keptDays - age / DAY_MS);
  if (bytesPerDay * growingDays < room)
    return { bytesPerDay, measuredMs, daysLeft: null, reason: 'levels_off' };
  return { bytesPerDay, measuredMs, daysLeft: room / bytesPerDay, reason: 'fills_up' };
}
