import { canonicalIp } from '@tailrace/schema';
import { describe, expect, test } from 'vitest';
import { createAnonymiser } from './anonymous-address.js';

describe('truncating an address', () => {
  const truncate = createAnonymiser('truncate');
  test.each([
    ['192.0.2.77', '192.0.2.0'],
    ['2001:db8:1234:5678::1', '2001:db8:1234::'],
    ['2001:db8::1', '2001:db8::'],
    ['1:2:3:4:5:6:7:8', '1:2:3::'],
    ['1:0:3:4:5:6:7:8', '1:0:3::'],
    ['::1', '::'],
    ['fe80::1', 'fe80::'],
  ])('%s keeps its network %s', (address, network) => {
    expect(truncate(address)).toBe(network);
    expect(canonicalIp(network)).toBe(network);
  });
});

describe('hashing an address', () => {
  const hash = createAnonymiser('hash', 'a key of sixteen bytes');

  test('makes another address of the one network, always the same', () => {
    const hashed = hash('192.0.2.77');
    expect(hashed).toMatch(/^fd74:6169:6c72:/);
    expect(canonicalIp(hashed)).toBe(hashed);
    expect(createAnonymiser('hash', 'a key of sixteen bytes')('192.0.2.77')).toBe(hashed);
  });

  test('tells addresses apart, and depends on the key', () => {
    const of = (address: string) => [hash(address), createAnonymiser('hash')(address)];
    expect(new Set([...of('192.0.2.77'), ...of('192.0.2.78'), ...of('2001:db8::1')]).size).toBe(6);
  });
});
