import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clientAddress } from './client-address.js';
import { type ForwardedHeader, hopAddress } from './forwarded-hops.js';
import { TrustedProxies } from './trusted-proxies.js';

const PROXY = '10.0.0.1';
const trusted = new TrustedProxies(['10.0.0.0/8', '2001:db8:ffff::/48', 'unix']);
const via = (header: ForwardedHeader, value: string, peer: string | undefined = PROXY) =>
  clientAddress(peer, value, header, trusted);

describe('the client of a request', () => {
  test.each<[ForwardedHeader, string, string]>([
    ['x-forwarded-for', '192.0.2.1', '192.0.2.1'],
    ['x-forwarded-for', '6.6.6.6, 192.0.2.1', '192.0.2.1'],
    ['x-forwarded-for', '6.6.6.6, 192.0.2.1,10.0.0.7 , 10.0.0.8', '192.0.2.1'],
    ['x-forwarded-for', '10.0.0.9, 10.0.0.8', '10.0.0.9'],
    ['x-forwarded-for', '192.0.2.1:52044', '192.0.2.1'],
    ['x-forwarded-for', '[2001:DB8::1]:52044', '2001:db8::1'],
    ['x-forwarded-for', '2001:db8::1', '2001:db8::1'],
    ['x-forwarded-for', '::ffff:192.0.2.1', '192.0.2.1'],
    ['x-forwarded-for', '192.0.2.1, 2001:db8:ffff::7', '192.0.2.1'],
    ['forwarded', 'for=192.0.2.1', '192.0.2.1'],
    ['forwarded', 'for=6.6.6.6, For="[2001:db8::1]:4711";proto=https;by=_gate', '2001:db8::1'],
    ['forwarded', 'for="192.0.2.1:80";host="a, for=6.6.6.6"', '192.0.2.1'],
    ['forwarded', 'for=192.0.2.1;host="a, for=6.6.6.6;x=\\"";proto="https"', '192.0.2.1'],
    ['forwarded', 'for="garbage, for=192.0.2.1', '192.0.2.1'],
    ['forwarded', 'for=192.0.2.1,for=10.0.0.7', '192.0.2.1'],
    ['x-real-ip', '192.0.2.1', '192.0.2.1'],
  ])('is in %s: %s', (header, value, client) => {
    expect(via(header, value)).toBe(client);
  });

  test.each<[ForwardedHeader, string]>([
    ['x-forwarded-for', ''],
    ['x-forwarded-for', 'unknown'],
    ['x-forwarded-for', '6.6.6.6, unknown'],
    ['x-forwarded-for', '6.6.6.6, garbage'],
    ['x-forwarded-for', '6.6.6.6,'],
    ['x-forwarded-for', '[6.6.6.6]'],
    ['x-forwarded-for', '6.6.6.6:port'],
    ['x-forwarded-for', '06.6.6.6'],
    ['forwarded', 'for=unknown'],
    ['forwarded', 'for=6.6.6.6, for=_hidden'],
    ['forwarded', 'for=6.6.6.6, proto=https'],
    ['forwarded', 'for=2001:db8::1'],
    ['forwarded', 'x="for=6.6.6.6'],
    ['forwarded', ','.repeat(1_000)],
    ['x-real-ip', '6.6.6.6, 7.7.7.7'],
  ])('is the nearest that is known for %s: %j', (header, value) => {
    expect(via(header, value)).toBe(PROXY);
  });

  test('is the peer, whatever a peer that is not trusted sends', () => {
    for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip'] as const) {
      expect(clientAddress('192.0.2.9', 'for=6.6.6.6', header, trusted)).toBe('192.0.2.9');
      expect(clientAddress(PROXY, '6.6.6.6', header, undefined)).toBe(PROXY);
    }
    expect(via('x-forwarded-for', '6.6.6.6', '192.0.2.9')).toBe('192.0.2.9');
    expect(via('x-forwarded-for', '6.6.6.6', '::ffff:192.0.2.9')).toBe('192.0.2.9');
  });

  test('is named by a proxy on a Unix socket, which has no address', () => {
    expect(clientAddress(undefined, '192.0.2.1', 'x-forwarded-for', trusted)).toBe('192.0.2.1');
    expect(clientAddress(undefined, '192.0.2.1', 'x-forwarded-for', new TrustedProxies([]))).toBeUndefined();
    expect(clientAddress(undefined, 'garbage', 'x-forwarded-for', trusted)).toBeUndefined();
  });

  test('is found in a header of 100 KB, of which only the end is read', () => {
    expect(via('x-forwarded-for', `${'6.6.6.6, '.repeat(11_000)}192.0.2.1`)).toBe('192.0.2.1');
    expect(via('x-forwarded-for', 'x'.repeat(100_000))).toBe(PROXY);
    expect(via('forwarded', `${'for=6.6.6.6, '.repeat(8_000)}for=192.0.2.1`)).toBe('192.0.2.1');
    expect(via('forwarded', `for="${'x'.repeat(100_000)}`)).toBe(PROXY);
    expect(via('x-forwarded-for', `6.6.6.6${', 10.0.0.1'.repeat(10_000)}`)).toBe(PROXY);
  });
});

const address = fc.oneof(fc.ipV4(), fc.ipV6()).filter((text) => {
  const ip = hopAddress(text);
  return ip !== undefined && !trusted.has(ip);
});

test('nothing a client sends changes what its proxy says of it', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), address, (sent, client) => {
      const expected = hopAddress(client);
      expect(via('x-forwarded-for', `${sent}, ${client}`)).toBe(expected);
      expect(via('forwarded', `${sent}, for="[${client}]"`)).toBe(client.includes(':') ? expected : PROXY);
      expect(via('forwarded', `${sent},for="${client}";proto=https`)).toBe(
        client.includes(':') ? via('forwarded', `for="${client}"`) : expected,
      );
    }),
  );
});

test('no header makes an address that is none', () => {
  const header = fc.constantFrom<ForwardedHeader>('x-forwarded-for', 'forwarded', 'x-real-ip');
  const piece = fc.constantFrom(
    'for=',
    '"',
    ',',
    ';',
    '[',
    ']',
    ':',
    '1.2.3.4',
    '::1',
    'unknown',
    '\\',
    ' ',
    '=',
    '_x',
  );
  fc.assert(
    fc.property(header, fc.array(piece, { maxLength: 20 }), (name, pieces) => {
      const client = via(name, pieces.join(''));
      expect(client).toBe(hopAddress(client ?? ''));
    }),
  );
});

test.each([
  '',
  'proxy.example.com',
  '10.0.0.0/33',
  '10.0.0.0/',
  '2001:db8::/129',
  '10.0.0',
  '10.0.0.0/8 ',
  7,
])('trustedProxies cannot contain %j', (proxy) => {
  expect(() => new TrustedProxies([proxy as string])).toThrow(RangeError);
});
