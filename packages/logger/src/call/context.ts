import { adoptCamelCase, type LogFields, setOwn, snapshotFields } from '@tailrace/writer';
import { shared } from '../shared-state.js';
import { adoptTraceparent, isGiven } from './trace-context.js';

/** The merged fields of the contexts a call is made in, shared by all entries logged there. */
export interface LogContext {
  readonly fields: Readonly<Record<string, unknown>>;
  /** About how many bytes they hold. */
  readonly bytes: number;
  /** Whether the snapshot had to leave something out. */
  readonly truncated: boolean;
}

/** What each call says for itself. */
const OF_ONE_CALL: ReadonlySet<string> = new Set(['timestamp', 'level', 'status_code']);

const { contexts } = shared;

/**
 * Runs `run` and adds `fields` to every entry logged inside, also after an `await` and in timers and callbacks made
 * inside. Contexts nest: the inner one's fields win over the outer one's, the call's own over both. The fields are
 * copied now; later changes to them change nothing. A `traceparent` (W3C Trace Context) becomes `trace_id` and
 * `span_id`. `timestamp`, `level` and `status_code` are each call's own and not taken from a context.
 *
 * @returns what `run` returns. @throws what `run` throws.
 */
export function withContext<Result>(fields: LogFields, run: () => Result): Result;
export function withContext<Result>(fields: object, run: () => Result): Result;
export function withContext<Result>(fields: unknown, run: () => Result): Result {
  return contexts.run(nest(contexts.getStore(), fields), run);
}

/**
 * Runs `run` in `context` and no other, for what happens more than once in the same one.
 *
 * @returns what `run` returns. @throws what `run` throws.
 */
export function runInContext<Result>(context: LogContext | undefined, run: () => Result): Result {
  return contexts.run(context, run);
}

/** A copy of the fields that {@link withContext} adds here; empty outside of any context. */
export function currentContext(): LogFields {
  return structuredClone(contexts.getStore()?.fields ?? {});
}

/** The context of the call that is being made. */
export function activeContext(): LogContext | undefined {
  return contexts.getStore();
}

/** Both contexts as one, as if `inner` had been opened inside of `outer`. */
export function joinContexts(
  outer: LogContext | undefined,
  inner: LogContext | undefined,
): LogContext | undefined {
  if (outer === undefined || inner === undefined || outer === inner) return outer ?? inner;
  return merge(outer, inner);
}

/** A context for an entry of another trace: the span it knows is none of that one's. */
export function withoutSpan(context: LogContext): LogContext {
  const { span_id: _, ...fields } = context.fields;
  return { ...context, fields };
}

function nest(outer: LogContext | undefined, given: unknown): LogContext {
  const snapshot = snapshotFields(given);
  adoptCamelCase(snapshot.fields);
  adoptTraceparent(snapshot.fields);
  return merge(outer ?? EMPTY, snapshot);
}

const EMPTY: LogContext = { fields: {}, bytes: 0, truncated: false };

function merge(outer: LogContext, inner: LogContext): LogContext {
  const { trace_id: traceId } = inner.fields;
  const isOtherTrace = isGiven(traceId) && traceId !== outer.fields.trace_id;
  const fields: Record<string, unknown> = { ...(isOtherTrace ? withoutSpan(outer) : outer).fields };
  for (const [name, value] of Object.entries(inner.fields)) {
    if (!isGiven(value) || OF_ONE_CALL.has(name)) continue;
    setOwn(fields, name, name === 'data' ? mergeData(fields.data, value) : value);
  }
  return {
    fields: Object.freeze(fields),
    bytes: outer.bytes + inner.bytes,
    truncated: outer.truncated || inner.truncated,
  };
}

function mergeData(outer: unknown, inner: unknown): unknown {
  return isObject(outer) && isObject(inner) ? { ...outer, ...inner } : inner;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
