const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
/** As Go prints a `time.Duration`: parts from large to small, a fraction at the last. */
const DURATION = /^(?:\d{1,12}(?:\.\d{1,12})? ?(?:ns|us|µs|μs|ms|s|m|h)){1,6}$/;
const PART = /(\d+(?:\.\d+)?) ?(ns|us|µs|μs|ms|s|m|h)/g;

/** A duration that says its unit (`12ms`, `1.5s`, `1m30s`) in milliseconds, to the nanosecond. */
export function parseDuration(text: string): number | undefined {
  if (text.length > 64 || !DURATION.test(text)) return undefined;
  let total = 0;
  for (const [, number, unit] of text.matchAll(PART)) total += Number(number) * (UNIT_MS[unit ?? ''] ?? 0);
  return roundMs(total);
}

/** Milliseconds without the noise of binary fractions. */
export function roundMs(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
