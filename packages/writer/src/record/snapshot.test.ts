import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snapshotFields } from './snapshot.js';

function snapshotOf(fields: object): Record<string, unknown> {
  return snapshotFields(fields as Record<string, unknown>).fields;
}

describe('snapshotFields', () => {
  it('holds what was true at the call, whatever happens to the objects later', () => {
    const nested = { list: [1, { deep: 'before' }], date: new Date(0) };
    const fields = { name: 'before', nested };
    const snapshot = snapshotOf(fields);
    fields.name = 'after';
    (nested.list[1] as { deep: string }).deep = 'after';
    nested.list.push(2);
    nested.date.setTime(1);
    expect(snapshot).toEqual({
      name: 'before',
      nested: { list: [1, { deep: 'before' }], date: '1970-01-01T00:00:00.000Z' },
    });
  });

  it('gives every value JSON cannot hold a readable form', () => {
    const snapshot = snapshotOf({
      big: 10n ** 30n,
      symbol: Symbol('s'),
      fn: () => 1,
      nan: { value: Number.NaN },
      map: new Map([['k', new Set([1])]]),
      bytes: new Uint8Array(3),
      url: new URL('http://example.com/x'),
      bad: new Date(Number.NaN),
    });
    expect(snapshot).toEqual({
      big: '1000000000000000000000000000000',
      symbol: 'Symbol(s)',
      fn: '[Function]',
      nan: { value: 'NaN' },
      map: { k: [1] },
      bytes: '[3 bytes]',
      url: 'http://example.com/x',
      bad: 'Invalid Date',
    });
  });

  it('marks cycles and what is too deep', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    let deep: unknown = 'bottom';
    for (let i = 0; i < 100; i++) deep = { deep };
    const snapshot = snapshotFields({ cyclic, deep });
    expect(snapshot.fields.cyclic).toEqual({ self: '[Circular]' });
    expect(JSON.stringify(snapshot.fields.deep)).toContain('[Too deep]');
    expect(snapshot.truncated).toBe(true);
  });

  it('keeps the other fields when a getter throws', () => {
    const fields = {
      good: 1,
      get bad(): never {
        throw new Error('no');
      },
    };
    expect(snapshotOf(fields)).toEqual({ good: 1, bad: '[Throws: no]' });
  });

  it('survives proxies that throw and proxies that are revoked', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const hostile = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('hostile');
        },
      },
    );
    expect(snapshotOf({ proxy, ok: 1 })).toMatchObject({
      ok: 1,
      proxy: expect.stringContaining('Unreadable'),
    });
    expect(() => snapshotFields(hostile)).not.toThrow();
    expect(() => snapshotFields(proxy)).not.toThrow();
  });

  it('bounds 10,000 fields and a text of many megabytes, and says so', () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`field${i}`, i]));
    const fields = snapshotFields(many);
    expect(Object.keys(fields.fields).length).toBeLessThanOrEqual(2_000);
    expect(fields.truncated).toBe(true);
    const text = snapshotFields({ text: 'x'.repeat(5_000_000) });
    expect((text.fields.text as string).length).toBeLessThanOrEqual(131_072);
    expect(text.truncated).toBe(true);
  });

  it('keeps a field named __proto__ a field', () => {
    const snapshot = snapshotOf({ data: JSON.parse('{"__proto__":{"polluted":1},"a":1}') });
    expect(Object.getPrototypeOf(snapshot.data)).toBe(Object.prototype);
    expect(JSON.stringify(snapshot.data)).toBe('{"__proto__":{"polluted":1},"a":1}');
  });

  it('takes what is no object for one value', () => {
    expect(snapshotOf('text' as unknown as object)).toEqual({ value: 'text' });
    expect(snapshotOf([1, 2])).toEqual({ value: [1, 2] });
    expect(snapshotOf(new Uint8Array(4))).toEqual({ value: '[4 bytes]' });
    expect(snapshotOf(null as unknown as object)).toEqual({});
  });

  it('never throws and always gives what JSON can hold', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.anything({ withBigInt: true, withDate: true, withMap: true })),
        (fields) => {
          expect(() => JSON.stringify(snapshotFields(fields).fields)).not.toThrow();
        },
      ),
    );
  });

  it('copies a Map with objects as keys as a list of pairs', () => {
    const map = new Map<unknown, unknown>([
      [{ name: 'password' }, 'x'],
      ['a', 1],
    ]);
    expect(snapshotFields({ map }).fields.map).toEqual([
      [{ name: 'password' }, 'x'],
      ['a', 1],
    ]);
  });
});
