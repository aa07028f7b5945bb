import { describe, expect, it } from 'vitest';
import { ExpiryRefresh, expiryCode } from './expiry-refresh.js';

describe('expiryCode', () => {
  it('says the class, however many there are, and that the expiry is due once a generation', () => {
    for (const retention of [1, 6, 8, 9, 40]) {
      const key = { retention, refreshedIn: 0 };
      const codes = [expiryCode(key, 1), expiryCode(key, 1), expiryCode(key, 2)];
      expect(codes.map((code) => Math.floor(code / 2))).toEqual([retention, retention, retention]);
      expect(codes.map((code) => code % 2)).toEqual([1, 0, 1]);
    }
  });
});

describe('ExpiryRefresh', () => {
  it('begins a generation every ten minutes, when the clock goes back, and when it is told to forget', () => {
    const refresh = new ExpiryRefresh();
    const first = refresh.generation(1_000_000);
    expect(refresh.generation(1_600_000)).toBe(first);
    expect(refresh.generation(1_600_001)).toBe(first + 1);
    expect(refresh.generation(1_000_000)).toBe(first + 2);
    refresh.forget();
    expect(refresh.generation(1_000_000)).toBe(first + 3);
  });
});
