import { HOUR_MS, type TimeWindow } from '@tailrace/schema';
import { RequestError } from '../http/errors/request-error.js';
import { shownValue } from '../http/errors/shown-value.js';
import type { GatewayContext } from '../http/gateway-env.js';
import { durationMs } from './logql.js';
import { LogqlError } from './logql-tokens.js';

/** A moment: epoch milliseconds, and the nanoseconds beyond them. */
export interface Moment {
  readonly ms: number;
  readonly ns: number;
}

/** The parameters of a question, as Loki's API has them; others are passed over, as Loki does. */
export interface LokiRequest {
  readonly start: Moment;
  readonly end: Moment;
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  count(name: string, absent: number, max: number): number;
}

/** Entries a reply has at most. */
export const MAX_LINES = 5_000;

/** @throws RequestError naming the parameter that is wrong. */
export function readLokiRequest(c: GatewayContext, now: number): LokiRequest {
  const { searchParams } = new URL(c.req.url);
  const text = (name: string) => searchParams.get(name) || undefined;
  const end = momentOf('end', text('end')) ?? momentOf('time', text('time')) ?? { ms: now + 1, ns: 0 };
  const since = text('since');
  const span = since === undefined ? HOUR_MS : askedDuration('since', since);
  const start = momentOf('start', text('start')) ?? { ms: end.ms - span, ns: 0 };
  if (start.ms > end.ms) throw wrong('start', text('start') ?? '', 'must not be later than end');
  return {
    start,
    end,
    text,
    texts: (name) => [...searchParams.getAll(name), ...searchParams.getAll(`${name}[]`)],
    count(name, absent, max) {
      const given = text(name);
      if (given === undefined) return absent;
      if (/^\d{1,9}$/.test(given) && Number(given) >= 1 && Number(given) <= max) return Number(given);
      throw wrong(name, given, `must be a whole number from 1 to ${max}`);
    },
  };
}

/** The whole milliseconds from start, included, to end, which is not. */
export function windowOf({ start, end }: Pick<LokiRequest, 'start' | 'end'>): TimeWindow {
  return { from: start.ms, to: Math.max(start.ms, end.ns > 0 ? end.ms : end.ms - 1) };
}

/** @throws RequestError */
export function askedDuration(name: string, text: string): number {
  if (/^\d{1,9}(?:\.\d+)?$/.test(text)) return Math.max(1, Math.round(Number(text) * 1000));
  try {
    return durationMs(text);
  } catch {
    throw wrong(name, text, 'must be a number of seconds, or such as 30s or 5m');
  }
}

/** Answers what is not LogQL, or not supported, with the reason. */
export function withLogqlErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof LogqlError)
      throw new RequestError('invalid_parameter', `query: ${error.message}`, 'query');
    throw error;
  }
}

const MAX_MS = 8.64e15;

/** Nanoseconds, seconds with fractions, or RFC 3339. */
function momentOf(name: string, text: string | undefined): Moment | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,19}$/.test(text) && text.length > 10) {
    const digits = text.padStart(7, '0');
    const [ms, ns] = [Number(digits.slice(0, -6)), Number(digits.slice(-6))];
    if (ms <= MAX_MS) return { ms, ns };
  } else if (/^\d{1,10}(?:\.\d+)?$/.test(text)) {
    return { ms: Math.floor(Number(text) * 1000), ns: 0 };
  } else {
    const ms = Date.parse(text);
    if (!Number.isNaN(ms)) return { ms, ns: 0 };
  }
  throw wrong(name, text, 'must be epoch nanoseconds, epoch seconds, or RFC 3339');
}

function wrong(name: string, value: string, rule: string): RequestError {
  return new RequestError('invalid_parameter', `${name} is ${shownValue(value)}: ${rule}`, name);
}
