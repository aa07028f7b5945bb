import { describe, expect, it } from 'vitest';
import { pathPattern, pathValue } from './path-pattern.js';

describe('pathPattern', () => {
  it.each([
    ['/users/123', '/users/:number'],
    ['/users/123?x=1#y', '/users/:number'],
    ['/o/3f2b1c4d-0000-4000-8000-123456789abc/items', '/o/:uuid/items'],
    ['/log/2024-01-15/x', '/log/:date/x'],
    ['/c/deadbeef01', '/c/:hash'],
    ['/a/b/c/d/e/f/g/h', '/a/b/c/d/e/f/*'],
    [`/x/${'y'.repeat(100)}`, '/x/:long'],
    ['', '/'],
    ['/', '/'],
    ['/feedback', '/feedback'],
  ])('makes %s the pattern %s', (path, pattern) => expect(pathPattern(path)).toBe(pattern));
});

describe('pathValue', () => {
  it('puts everything a scanner tries under one value', () => {
    const values = Array.from({ length: 50 }, (_, i) =>
      pathValue({ method: 'GET', path: `/wp-${i}x`, status_code: 404 }),
    );
    expect(new Set(values)).toEqual(new Set(['GET:(unmatched)']));
  });

  it('takes the route where the application names it, and OTHER for a method no RFC knows', () => {
    expect(pathValue({ method: 'get', path: '/u/7', route: '/u/:id', status_code: 404 })).toBe('GET:/u/:id');
    expect(pathValue({ method: 'BREW', path: '/pot' })).toBe('OTHER:/pot');
    expect(pathValue({ method: 'GET' })).toBeUndefined();
  });
});
