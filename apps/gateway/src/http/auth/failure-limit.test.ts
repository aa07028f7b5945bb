import { expect, test } from 'vitest';
import { createFailureLimit } from './failure-limit.js';

function limitAt(start: number) {
  const clock = { now: start };
  const limit = createFailureLimit(() => clock.now);
  const fail = (address: string, times: number) =>
    Array.from({ length: times }, () => limit.count(address)).at(-1);
  return { clock, limit, fail };
}

test('the eleventh failure of an address within a minute has to wait for the rest of it', () => {
  const { clock, limit, fail } = limitAt(1_000);
  expect(fail('192.0.2.1', 10)).toBe(0);
  clock.now += 20_000;
  expect(limit.count('192.0.2.1')).toBe(40_000);
  expect(limit.count('192.0.2.2')).toBe(0);
  clock.now += 40_000;
  expect(limit.count('192.0.2.1')).toBe(0);
});

test('all addresses of an IPv6 /64 are one', () => {
  const { fail, limit } = limitAt(0);
  fail('2001:db8:1:2::1', 10);
  expect(limit.count('2001:db8:1:2:ffff::9')).toBeGreaterThan(0);
  expect(limit.count('2001:db8:1:3::1')).toBe(0);
  fail('2001:db8::1', 10);
  expect(limit.count('2001:db8:0:0:1::')).toBeGreaterThan(0);
});

test('a clock that is set back does not shut anybody out for longer', () => {
  const { clock, limit, fail } = limitAt(10_000_000);
  fail('192.0.2.1', 11);
  clock.now = 0;
  expect(limit.count('192.0.2.1')).toBe(0);
});

test('only so many addresses are remembered, those that failed first are forgotten', () => {
  const { fail, limit } = limitAt(0);
  fail('192.0.2.1', 11);
  for (let i = 0; i < 9_999; i++) limit.count(`host-${i}`);
  expect(limit.count('192.0.2.1')).toBeGreaterThan(0);
  limit.count('one-more');
  expect(limit.count('192.0.2.1')).toBe(0);
});
