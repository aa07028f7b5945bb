import { type TraceIds, validTraceIds } from './trace-context.js';

/**
 * Where every copy of `@opentelemetry/api` 1.x registers what the SDK gives it, and where it keeps the span in a context.
 * Both are how several copies of that package find each other, so they hold for all of 1.x. Reading them needs no
 * import: nothing is loaded in a log call, and it is the same for ESM, CommonJS, bundles and several copies.
 */
const API = Symbol.for('opentelemetry.js.api.1');
const SPAN = Symbol.for('OpenTelemetry Context Key SPAN');

interface OpenTelemetryGlobal {
  readonly [API]?: { readonly context?: { active(): OpenTelemetryContext } };
}

interface OpenTelemetryContext {
  getValue(key: symbol): { spanContext(): { traceId?: unknown; spanId?: unknown } } | undefined;
}

/** The ids of the active OpenTelemetry span; `undefined` without OpenTelemetry, or with no valid span. Never throws. */
export function activeSpan(): TraceIds | undefined {
  const api = (globalThis as OpenTelemetryGlobal)[API];
  if (api === undefined) return undefined;
  try {
    const span = api.context?.active().getValue(SPAN);
    if (span === undefined) return undefined;
    const { traceId, spanId } = span.spanContext();
    return validTraceIds(traceId, spanId);
  } catch {
    return undefined;
  }
}
