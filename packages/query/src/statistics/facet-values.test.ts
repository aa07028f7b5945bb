import type { Entry } from '@tailrace/schema';
import { expect, test } from 'vitest';
import { facetValues } from './facet-values.js';

const entry = (changes: Partial<Entry>): Entry => ({
  id: 'log:1:app:a',
  timestamp: 1,
  kind: 'log',
  level: 'INFO',
  component: 'app',
  message: '',
  ...changes,
});

test.each([
  [{ order: { id: 7 } }, ['7']],
  [{ 'order.id': 'x', order: { id: 7 } }, ['7', 'x']],
  [{ order: [{ id: 1 }, { id: 1 }, { id: true }] }, ['1', 'true']],
  [{ order: { id: { deep: 1 } } }, []],
  [{ order: { id: null } }, ['null']],
  [{ order: 'id' }, []],
  [undefined, []],
])('the values of data.order.id in %j are %j', (data, values) => {
  expect(facetValues('data.order.id')(entry({ data: data as NonNullable<Entry['data']> }))).toEqual(values);
});

test('names of every object are no fields of data', () => {
  expect(facetValues('data.constructor.name')(entry({ data: {} }))).toEqual([]);
});

test('a pattern is that of requests alone', () => {
  const path = { method: 'GET', path: '/users/7', status_code: 200 };
  expect(facetValues('pattern')(entry({ kind: 'request', ...path }))).toEqual(['GET:/users/:number']);
  expect(facetValues('pattern')(entry(path))).toEqual([]);
  expect(facetValues('status')(entry({ status_code: 404 }))).toEqual(['404']);
});
