import { describe, expect, test } from 'vitest';
import { differenceInShape } from './output-shape.js';

describe('lines', () => {
  test('numbers, times, ids, bars and blanks are alike', () => {
    const page = 'log:1795208719858:app:47gPjhQl  12 ███▊  45ms 2026-11-20 21:05:19.859Z';
    expect(
      differenceInShape(page, 'log:1:app:_-xyz123 1,234 █ 1.8ms 2027-01-01 00:00:00.000Z'),
    ).toBeUndefined();
  });

  test.each([
    { page: 'accepted  written', output: 'accepted  lost' },
    { page: 'a\nb', output: 'b\na' },
    { page: 'GET /login 45ms', output: 'GET /login 45ms 192.0.2.1' },
    { page: 'GET /login', output: '' },
  ])('$page is not like $output', ({ page, output }) => {
    expect(differenceInShape(page, output)).toContain('no line like');
  });

  test('what a page leaves out may be anything', () => {
    expect(
      differenceInShape('first\n...\nlast\nGET /…/a ...', 'first\nsecond\nlast\nGET /b/a 200'),
    ).toBeUndefined();
  });
});

describe('JSON', () => {
  test('values of one type are alike, in any order and on any lines', () => {
    expect(differenceInShape('{"a":1,\n "b":["x"]}', '{"b":["y","z"],"a":2}')).toBeUndefined();
  });

  test.each([
    { page: '{"a":1}', output: '{"a":"1"}', difference: '.a is "1" and not like 1' },
    { page: '{"a":1}', output: '{}', difference: '.a is missing' },
    { page: '{"a":1}', output: '{"a":1,"b":2}', difference: 'the page does not show .b' },
    { page: '{"a":[1]}', output: '{"a":[]}', difference: '.a is empty' },
    { page: '{"a":{"b":1}}', output: '{"a":{"c":1}}', difference: '.a.b is missing' },
  ])('$page is not like $output', ({ page, output, difference }) => {
    expect(differenceInShape(page, output)).toContain(difference);
  });

  test('what a page leaves out may be there', () => {
    expect(differenceInShape('{"a":{...},"b":[1, …], ...}', '{"a":{"x":1},"b":[1,2],"c":3}')).toBeUndefined();
  });
});
