import { expect, it } from 'vitest';
import { canonicalIpRange } from './ip-range.js';

it.each([
  ['192.0.2.99/24', '192.0.2.0/24'],
  ['192.0.2.1/32', '192.0.2.1'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['255.255.255.255/1', '128.0.0.0/1'],
  ['2001:DB8:0:1::9/48', '2001:db8::/48'],
  ['2001:db8::1/128', '2001:db8::1'],
  ['::/0', '::/0'],
  ['::ffff:192.0.2.99/120', '192.0.2.0/24'],
])('canonicalIpRange reads %s as %s', (text, range) => expect(canonicalIpRange(text)).toBe(range));

it.each([
  '192.0.2.0/33',
  '::/129',
  '::ffff:192.0.2.0/95',
  '192.0.2/24',
  '0x7f.1/8',
  '/24',
  '192.0.2.0/',
  '192.0.2.0/-1',
  'fe80::1%eth0/64',
  '1/2/3',
])('canonicalIpRange refuses %s', (text) => expect(canonicalIpRange(text)).toBeUndefined());
