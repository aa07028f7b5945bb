import { filterSchema } from '@tailrace/api';
import { expect, test } from 'vitest';
import { compileFilter } from '../filter/compile-filter.js';
import { withoutCase } from '../filter/text-search.js';
import { ASCII_FOLDINGS, textDecisionOf } from './text-decision.js';

function decisionOf(query: object) {
  const { fields, needles, foldings } = textDecisionOf(compileFilter(filterSchema.parse(query))) ?? {};
  return { fields, needles, foldings };
}

test('every letter beyond ASCII that holds an ASCII character without case is known', () => {
  const found: [string, string][] = [];
  for (let code = 0x80; code <= 0x10_ffff; code++) {
    const folded = withoutCase(String.fromCodePoint(code)).replace(/[^ -~]/g, '');
    if (folded !== '') found.push([String.fromCodePoint(code), folded]);
  }
  expect(ASCII_FOLDINGS).toEqual(found);
});

test('of each word and phrase the server looks for the longest part that is stored as it is asked for', () => {
  expect(decisionOf({ q: 'Disk "is FULL" -never' }).needles).toEqual(['disk', 'is full']);
  expect(decisionOf({ q: 'größe' }).needles).toEqual(['sse']);
  expect(decisionOf({ q: 'a\\"quoted' }).needles).toEqual(['quoted']);
  expect(decisionOf({ q: 'C:\\temp' }).needles).toEqual(['temp']);
  expect(decisionOf({ q: 'miss' }).foldings).toEqual(
    expect.arrayContaining(['\u00df', '\u0130', '\u0131', '\u017f', '\ufb01', '\ufb05']),
  );
});

test('of a filter on data it looks for the names, and for a value that is a text', () => {
  expect(decisionOf({ 'data.order.Plan': 'Fre*e' })).toEqual({
    fields: ['data'],
    needles: ['order', 'plan', 'fre', 'e'],
    foldings: [],
  });
  expect(decisionOf({ 'data.order.id': '7' }).needles).toEqual(['order', 'id']);
  expect(decisionOf({ 'data.order.id': '>7' }).needles).toEqual(['order', 'id']);
});

test.each([
  { 'q!': 'disk' },
  { q: '-disk' },
  { q: '日本' },
  { 'data.a!': 'x' },
  { 'data.日': '本' },
  { user: 'u1' },
])('%j says nothing that the server could look for', (query) =>
  expect(decisionOf(query).needles).toBeUndefined(),
);
