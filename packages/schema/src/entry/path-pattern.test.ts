import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { literalStart, pathPattern, pathValue } from './path-pattern.js';

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

  it.each([
    ['/users/7', '/:id', 'GET:/:id'],
    ['/x/7', '/users/:id', 'GET:/x/:number'],
    ['/app?x=1', '/app', 'GET:/app'],
    ['/app/x', '/app', 'GET:/app/x'],
    ['/users/7', 'users.show', 'GET:/users/:number'],
  ])('puts %s, answered by route %s, under %s', (path, route, value) => {
    expect(pathValue({ method: 'GET', path, route })).toBe(value);
  });

  it('keeps every path under a pattern whose literal start it begins with', () => {
    const part = fc.string({
      unit: fc.constantFrom('a', '1', '/', ':', '*', '(', '?', '#', 'ß'),
      maxLength: 9,
    });
    fc.assert(
      fc.property(part, fc.option(part, { nil: undefined }), (path, route) => {
        const pattern = (pathValue({ method: 'GET', path, route }) as string).slice('GET:'.length);
        const bare = path.replace(/[?#].*$/, '');
        if (bare === '') return;
        const start = literalStart(pattern);
        expect(start.length === pattern.length ? bare === start : bare.startsWith(start)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });
});
