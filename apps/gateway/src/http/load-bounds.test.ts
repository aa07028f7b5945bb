import { describe, expect, test } from 'vitest';
import { createLoadBounds } from './load-bounds.js';

const MAX = { search: 8, join: 1, export: 0, follow: 1_000 };

describe('places of requests', () => {
  test('go to one client up to its share, and to all up to the bound', () => {
    const bounds = createLoadBounds(MAX, 50);
    for (const client of ['a', 'b']) {
      for (let i = 0; i < 4; i++) bounds.take('search', client);
    }
    expect(() => bounds.take('search', 'c')).toThrow(
      '8 such requests are answered now, which is all that MAX_SEARCHES',
    );
    const others = createLoadBounds(MAX, 50);
    for (let i = 0; i < 4; i++) others.take('search', 'a');
    expect(() => others.take('search', 'a')).toThrow('MAX_CLIENT_SHARE of MAX_SEARCHES');
    others.take('search', 'b');
    others.take('join', 'a');
  });

  test('are one at least for each client, and none where the bound is 0', () => {
    const bounds = createLoadBounds(MAX, 1);
    bounds.take('join', 'a');
    expect(() => bounds.take('export', 'a')).toThrow('0 such requests are answered now');
  });

  test('are free again once, however often they are given back', () => {
    const bounds = createLoadBounds(MAX, 100);
    const first = bounds.take('join', 'a');
    first();
    const second = bounds.take('join', 'a');
    first();
    expect(() => bounds.take('join', 'a')).toThrow('all that MAX_JOINS allows');
    second();
    bounds.take('join', 'b');
  });
});
