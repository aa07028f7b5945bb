import { z } from 'zod';

const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION = /^(\d{1,9})(ms|s|m|h|d)$/;

/** Milliseconds of a text such as `30s`, `5m`, `1h`; `undefined` for any other text. */
export function durationMs(text: string): number | undefined {
  const [, count, unit] = DURATION.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
}

/** A duration as a text, of at least and at most so many milliseconds. */
export function durationSchema(min: string, max: string) {
  const rule = `must be a duration such as 30s, 5m or 1h, from ${min} to ${max}`;
  return z.string(rule).refine((text) => {
    const given = durationMs(text);
    return given !== undefined && given >= (durationMs(min) ?? 0) && given <= (durationMs(max) ?? 0);
  }, rule);
}
