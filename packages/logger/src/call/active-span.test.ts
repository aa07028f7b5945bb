import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, type ContextManager, context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { activeSpan } from './active-span.js';
import { settleTrace } from './call-trace.js';
import { withContext } from './context.js';

const IDS = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', traceFlags: 0 };

/** What an SDK registers, as far as contexts go. */
class AsyncContexts implements ContextManager {
  readonly #contexts = new AsyncLocalStorage<Context>();
  active(): Context {
    return this.#contexts.getStore() ?? ROOT_CONTEXT;
  }
  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    active: Context,
    run: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#contexts.run(active, () => run.apply(thisArg, args));
  }
  bind<T>(_: Context, target: T): T {
    return target;
  }
  enable(): this {
    return this;
  }
  disable(): this {
    return this;
  }
}

function inSpan<T>(ids: typeof IDS, run: () => T): T {
  return context.with(trace.setSpan(context.active(), trace.wrapSpanContext(ids)), run);
}

describe('activeSpan', () => {
  afterEach(() => context.disable());

  it('knows none without an SDK', () => {
    expect(activeSpan()).toBeUndefined();
    expect(inSpan(IDS, activeSpan)).toBeUndefined();
  });

  it("gives the active span's ids, also after an await, and none outside", async () => {
    context.setGlobalContextManager(new AsyncContexts());
    expect(activeSpan()).toBeUndefined();
    const expected = { trace_id: IDS.traceId, span_id: IDS.spanId };
    expect(await inSpan(IDS, async () => [activeSpan(), await Promise.resolve(), activeSpan()])).toEqual([
      expected,
      undefined,
      expected,
    ]);
  });

  it('takes no span whose ids are invalid, and survives one that throws', () => {
    context.setGlobalContextManager(new AsyncContexts());
    expect(inSpan({ ...IDS, traceId: '0'.repeat(32) }, activeSpan)).toBeUndefined();
    const hostile = trace.wrapSpanContext(IDS);
    hostile.spanContext = () => {
      throw new Error('no');
    };
    expect(context.with(trace.setSpan(ROOT_CONTEXT, hostile), activeSpan)).toBeUndefined();
  });
});

describe('settleTrace', () => {
  afterEach(() => context.disable());

  it("prefers the call's own trace, then its traceparent, then the context's, then the active span's", () => {
    context.setGlobalContextManager(new AsyncContexts());
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const traceOfCall = (own: Record<string, unknown>) => {
      const used = settleTrace(own);
      return [own.trace_id ?? used?.fields.trace_id, own.span_id ?? used?.fields.span_id];
    };
    inSpan(IDS, () => {
      expect(traceOfCall({})).toEqual([IDS.traceId, IDS.spanId]);
      expect(traceOfCall({ span_id: 's' })).toEqual([IDS.traceId, 's']);
      withContext({ trace_id: 'context', span_id: 'of context' }, () => {
        expect(traceOfCall({})).toEqual(['context', 'of context']);
        expect(traceOfCall({ trace_id: 'context' })).toEqual(['context', 'of context']);
        expect(traceOfCall({ traceparent })).toEqual(['a'.repeat(32), 'b'.repeat(16)]);
        expect(traceOfCall({ trace_id: 'own', traceparent })).toEqual(['own', undefined]);
      });
    });
  });
});
