import { filterSchema } from '@tailrace/api';
import type { Entry, JsonValue } from '@tailrace/schema';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainFilter } from '../testing/plain-filter.js';
import { compileFilter } from './compile-filter.js';

const entry: Entry = {
  id: 'log:1:app:aaaaaaaa',
  timestamp: 1,
  kind: 'log',
  level: 'INFO',
  component: 'app',
  message: '',
};
const order: NonNullable<Entry['data']> = {
  order: { id: 7, total: 12.5, items: [{ sku: 'a-1' }, { sku: 'b-2', parts: [1, 2] }], note: null },
  'order.id': 'seven',
  plan: 'Free',
  paid: true,
  amount: '100',
  empty: [],
  text: '<b> > 5',
};

function fits(query: Readonly<Record<string, string | string[]>>, data: Entry['data'] = order): boolean {
  return compileFilter(filterSchema.parse(query)).matches({ ...entry, data });
}

test.each([
  [
    'data.order.id',
    ['7', '7.0', 'seven', '>6.9', '>=7', '<8', '<=7', '*', 's*n'],
    ['8', '>7', '<7', 'sev', '7*0'],
  ],
  ['data.order.total', ['12.5', '12.50', '12*', '<1e2'], ['12', '>1e2']],
  ['data.order.items.sku', ['a-1', '*-2', '*'], ['a', 'a-1*b-2', '>0']],
  ['data.order.items.parts', ['1', '2', '>1'], ['1,2', '>2']],
  ['data.order', ['*'], ['7', 'o*', '[object Object]']],
  ['data.order.note', ['null', '*'], ['0']],
  ['data.plan', ['Free', '*ree'], ['free', 'FREE']],
  ['data.paid', ['true'], ['1', '>0']],
  ['data.amount', ['100', '>99', '<=100'], ['100.0', '>100']],
  ['data.empty', ['*'], ['0', '[]']],
  ['data.text', ['*b> > 5', '*> 5'], ['b']],
  ['data.missing', [], ['*', 'undefined', '<1']],
  ['data.plan.length', [], ['4', '*']],
  ['data.constructor.name', [], ['*', 'Object']],
  ['data.__proto__', [], ['*']],
])('%s takes what fits and nothing else', (name, fitting, failing) => {
  for (const text of fitting) {
    expect(fits({ [name]: text }), `${name}=${text}`).toBe(true);
    expect(fits({ [`${name}!`]: text }), `${name}!=${text}`).toBe(false);
  }
  for (const text of failing) {
    expect(fits({ [name]: text }), `${name}=${text}`).toBe(false);
    expect(fits({ [`${name}!`]: text }), `${name}!=${text}`).toBe(true);
  }
});

test('one of several values must fit, and all filters must hold', () => {
  expect(fits({ 'data.plan': ['pro', 'Free'] })).toBe(true);
  expect(fits({ 'data.plan!': ['pro', 'Free'] })).toBe(false);
  expect(fits({ 'data.order.id': '7', 'data.plan': 'pro' })).toBe(false);
  expect(fits({ 'data.amount': '>=100', 'data.amount!': '>100' })).toBe(true);
});

test('an entry without data fits only what is negated', () => {
  expect(compileFilter({ 'data.plan': '*' }).matches(entry)).toBe(false);
  expect(compileFilter({ 'data.plan!': 'free' }).matches(entry)).toBe(true);
});

test('finds what a plain evaluation of every path finds', () => {
  const name = fc.constantFrom('a', 'b', 'a.b', 'b.a', 'toString');
  const leaf = fc.constantFrom<JsonValue>(0, 7, -1.5, '7', '07', 'a', 'a*b', '', true, null);
  const { data } = fc.letrec<{ value: JsonValue; data: Record<string, JsonValue> }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 3 }),
    ),
    data: fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  }));
  const path = fc.array(fc.constantFrom('a', 'b', 'toString'), { minLength: 1, maxLength: 4 });
  const text = fc.constantFrom(
    '7',
    '7.0',
    'a',
    'a*',
    '*',
    '*b',
    '0',
    '>0',
    '>=7',
    '<7',
    '<=-1.5',
    'true',
    'null',
  );
  fc.assert(
    fc.property(data, path, text, fc.constantFrom('', '!'), (data, path, text, mark) => {
      const query = { [`data.${path.join('.')}${mark}`]: text };
      expect(fits(query, data)).toBe(plainFilter(query)({ ...entry, data }));
    }),
    { numRuns: 3_000 },
  );
});

test('each value of data is looked at once, however many names the path has', () => {
  let lookups = 0;
  const counted = (value: Record<string, JsonValue>) =>
    new Proxy(value, {
      getOwnPropertyDescriptor(target, key) {
        lookups += 1;
        return Reflect.getOwnPropertyDescriptor(target, key);
      },
    });
  let nested = counted({ a: 1 });
  for (let depth = 1; depth < 10; depth++) {
    nested = counted({ a: nested, 'a.a': 1, 'a.a.a': counted({ a: 1 }), 'a.a.a.a': counted({ a: 1 }) });
  }
  const nodes = 1 + 9 * 5;
  const names = 20;
  expect(fits({ [`data.${Array(names).fill('a').join('.')}`]: 'nowhere' }, nested)).toBe(false);
  expect(lookups).toBeGreaterThan(9);
  expect(lookups).toBeLessThanOrEqual(nodes * names);
});
