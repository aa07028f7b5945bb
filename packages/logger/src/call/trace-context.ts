/** Which trace an entry belongs to, and which span of it. */
export interface TraceIds {
  readonly trace_id: string;
  readonly span_id: string;
}

/** Version, trace id, parent id, flags; versions after 00 may add more, behind another dash. */
const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}(-.*)?$/;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

/**
 * Reads a `traceparent` header (W3C Trace Context, https://www.w3.org/TR/trace-context/#traceparent-header). Versions
 * that do not exist yet are read as far as version 00 goes, as W3C Trace Context asks.
 *
 * @returns `undefined` when any part of it is invalid.
 */
export function parseTraceparent(value: unknown): TraceIds | undefined {
  if (typeof value !== 'string') return undefined;
  const [, version, trace_id, span_id, more] = TRACEPARENT.exec(value) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  return validTraceIds(trace_id, span_id);
}

const TRACE_ID = /^[\da-f]{32}$/;
const SPAN_ID = /^[\da-f]{16}$/;

/** @returns the ids, or `undefined` when they are not as W3C Trace Context has them: lower-case hex, not all zeros. */
export function validTraceIds(trace_id: unknown, span_id: unknown): TraceIds | undefined {
  if (typeof trace_id !== 'string' || trace_id === NO_TRACE || !TRACE_ID.test(trace_id)) return undefined;
  if (typeof span_id !== 'string' || span_id === NO_SPAN || !SPAN_ID.test(span_id)) return undefined;
  return { trace_id, span_id };
}

/**
 * Puts the ids of a `traceparent` among the fields in its place. A `trace_id` that was given as well wins, and then the
 * span of the other trace is not taken either.
 *
 * @param fields a private copy, which is changed
 */
export function adoptTraceparent(fields: Record<string, unknown>): void {
  if (fields.traceparent === undefined) return;
  const ids = parseTraceparent(fields.traceparent);
  // Not `delete`, which makes every later access slow; what is undefined is not stored.
  fields.traceparent = undefined;
  if (ids === undefined || isGiven(fields.trace_id)) return;
  fields.trace_id = ids.trace_id;
  fields.span_id ??= ids.span_id;
}

/** `undefined` and `null` say nothing. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
