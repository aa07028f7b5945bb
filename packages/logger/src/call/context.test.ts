import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { currentContext, withContext } from './context.js';

describe('withContext', () => {
  it('holds inside, also after awaits and in timers, and not outside', async () => {
    const seen = await withContext({ user_id: 'u-1' }, async () => {
      await sleep(1);
      return new Promise((resolve) => setTimeout(() => resolve(currentContext()), 1));
    });
    expect(seen).toEqual({ user_id: 'u-1' });
    expect(currentContext()).toEqual({});
  });

  it('keeps contexts that run at the same time apart', async () => {
    const ids = Array.from({ length: 20 }, (_, i) => `t-${i}`);
    const seen = await Promise.all(
      ids.map((trace_id, i) =>
        withContext({ trace_id }, async () => {
          await sleep(i % 3);
          return currentContext().trace_id;
        }),
      ),
    );
    expect(seen).toEqual(ids);
  });

  it("nests: the inner one's fields win, what says nothing covers nothing, data are merged", () => {
    const outer = { user_id: 'outer', tenant: 'a', data: { a: 1, b: 1 } };
    const inner = { user_id: 'inner', tenant: undefined, data: { b: 2 } };
    withContext(outer, () => {
      withContext(inner, () =>
        expect(currentContext()).toEqual({ user_id: 'inner', tenant: 'a', data: { a: 1, b: 2 } }),
      );
      expect(currentContext()).toEqual(outer);
    });
  });

  it('takes the fields as they are now, and gives nothing out that could change them', () => {
    const fields = { nested: { name: 'before' } };
    withContext(fields, () => {
      fields.nested.name = 'after';
      (currentContext().nested as { name: string }).name = 'changed';
      expect(currentContext()).toEqual({ nested: { name: 'before' } });
    });
  });

  it('turns a traceparent into ids, and ignores an invalid one', () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const ids = { trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16) };
    expect(withContext({ traceparent }, currentContext)).toEqual(ids);
    expect(withContext({ traceparent: 'garbage' }, currentContext)).toEqual({});
  });

  it('takes the span of an outer context for no span of another trace', () => {
    withContext({ trace_id: 't-1', span_id: 's-1' }, () => {
      expect(withContext({ trace_id: 't-2' }, currentContext)).toEqual({ trace_id: 't-2' });
      expect(withContext({ user_id: 'u' }, currentContext)).toMatchObject({ span_id: 's-1' });
    });
  });

  it('takes no level, time or status, which each call says for itself', () => {
    expect(withContext({ level: 'AUDIT', timestamp: 0, status_code: 500, a: 1 }, currentContext)).toEqual({
      a: 1,
    });
  });

  it('returns what is returned, throws what is thrown, and survives hostile fields', () => {
    expect(withContext({}, () => 7)).toBe(7);
    expect(() =>
      withContext({}, () => {
        throw new Error('mine');
      }),
    ).toThrow('mine');
    const { proxy, revoke } = Proxy.revocable<Record<string, unknown>>({}, {});
    revoke();
    for (const fields of [proxy, null, undefined, 'text', [1]]) {
      expect(withContext(fields as Record<string, unknown>, () => 7)).toBe(7);
    }
    withContext(JSON.parse('{"__proto__":{"polluted":1}}'), () =>
      expect(currentContext().polluted).toBeUndefined(),
    );
  });
});
