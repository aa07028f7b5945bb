import type { ReadValue } from './json-fields.js';

const UNIT_MS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000 };

/** Text, a number as text, or the one text of a list, as Caddy logs headers. */
export function readText(value: unknown): string | undefined {
  const single = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (typeof single === 'number') return String(single);
  return typeof single === 'string' ? single.trimEnd() : undefined;
}

/** A number, also as text, as nginx's variables are. */
export function readNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Reads a number of another unit; the result is rounded to a thousandth. */
export function scaled(factor: number): ReadValue {
  return (value) => {
    const number = readNumber(value);
    return number === undefined ? undefined : Math.round(number * factor * 1000) / 1000;
  };
}

/**
 * A duration in milliseconds, from text that says its unit (`12ms`, `1.5s`) or from a format known for one: seconds
 * in Caddy's access logs, nanoseconds in Traefik's. Any other bare number could be anything.
 */
export const readDuration: ReadValue = (value, record) => {
  if (typeof value === 'number') {
    if (String(record.logger).startsWith('http.log.access')) return scaled(1000)(value, record);
    return 'DownstreamStatus' in record ? scaled(1e-6)(value, record) : undefined;
  }
  const match = /^(\d+(?:\.\d+)?)\s?(ns|us|µs|ms|s)$/.exec(String(value));
  return match === null ? undefined : scaled(UNIT_MS[match[2] as string] as number)(match[1], record);
};
