import { adoptCamelCase } from '@tailrace/writer';
import { activeSpan } from './active-span.js';
import { activeContext, type LogContext, withoutSpan } from './context.js';
import { adoptTraceparent, isGiven } from './trace-context.js';

/**
 * Settles which trace a call belongs to, at the moment of the call: the one it names itself (`trace_id`, else
 * `traceparent`), else its context's, else the active OpenTelemetry span's. Never throws.
 *
 * @param own a private copy of the call's fields, which is changed
 * @returns the context whose fields go into the entry as well. It stays an object of its own: merging it into the fields
 *   here would cost more than the rest of the call.
 */
export function settleTrace(own: Record<string, unknown>): LogContext | undefined {
  if (own.traceId !== undefined) adoptCamelCase(own);
  if (own.traceparent !== undefined) adoptTraceparent(own);
  const context = activeContext();
  if (isGiven(own.trace_id)) return ofTrace(own, context);
  if (!isGiven(context?.fields.trace_id)) adoptActiveSpan(own);
  return context;
}

/** The trace that {@link settleTrace} found: by it a response finds its request. */
export function traceOf(
  own: Readonly<Record<string, unknown>>,
  context: LogContext | undefined,
): string | undefined {
  const id = own.trace_id ?? context?.fields.trace_id;
  if (typeof id === 'number') return String(id);
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** Of a context of another trace, the span is not taken. */
function ofTrace(own: Record<string, unknown>, context: LogContext | undefined): LogContext | undefined {
  if (context?.fields.span_id === undefined || context.fields.trace_id === own.trace_id) return context;
  return withoutSpan(context);
}

function adoptActiveSpan(own: Record<string, unknown>): void {
  const span = activeSpan();
  if (span === undefined) return;
  own.trace_id = span.trace_id;
  own.span_id ??= span.span_id;
}
