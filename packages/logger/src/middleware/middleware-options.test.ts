import { expect, test } from 'vitest';
import { type MiddlewareOptions, resolveMiddlewareOptions } from './middleware-options.js';

test.each<[object, string]>([
  [{ skip: true }, 'skip is true; allowed: a function'],
  [{ fields: {} }, 'fields is [object Object]; allowed: a function'],
  [{ sample: 1.1 }, 'sample is 1.1; allowed: a number from 0 to 1'],
  [{ sample: Number.NaN }, 'sample is NaN; allowed'],
  [{ slowMs: -1 }, 'slowMs is -1; allowed: a number from 0 to 1e9, or false'],
  [{ captureHeaders: 'host' }, 'captureHeaders is host; allowed: a list of names of headers'],
  [{ captureHeaders: ['a b'] }, 'captureHeaders contains a b; allowed: names of headers'],
  [{ captureBody: true }, 'captureBody is true; allowed: request, response, both, false'],
  [{ maxBodyBytes: 0 }, 'maxBodyBytes is 0; allowed: a whole number from 1 to 65536'],
  [{ trustedProxies: ['gate'] }, 'trustedProxies contains gate; allowed: IP addresses'],
  [{ forwardedHeader: 'via' }, 'forwardedHeader is via; allowed: x-forwarded-for, forwarded, x-real-ip'],
  [{ hostnames: ['a b'] }, 'hostnames contains a b; allowed: host names'],
  [{ reverseDns: true }, 'reverseDns is true; allowed: an object, or false'],
  [{ reverseDns: { ttlMs: 0 } }, 'reverseDns.ttlMs is 0; allowed: a whole number from 1 to 2147483647'],
  [{ reverseDns: { servers: ['dns'] } }, 'reverseDns.servers is dns; allowed: IP addresses'],
  [{ reverseDns: { tries: 1 } }, 'reverseDns.tries is no option; allowed: maxEntries'],
  [{ anonymiseIp: true }, 'anonymiseIp is true; allowed: truncate, hash, false'],
  [{ hashKey: 'short' }, 'hashKey is too short; allowed: text or bytes, at least 16 bytes'],
  [{ anonymiseIp: 'hash', reverseDns: {} }, 'reverseDns is on; allowed with anonymiseIp: false'],
  [{ anonymiseIp: 'hash', captureHeaders: ['X-Real-IP'] }, 'captureHeaders contains X-Real-IP; allowed'],
  [{ logBody: true }, 'logBody is no option; allowed: fields, skip'],
])('%j is refused', (options, message) => {
  const resolve = () => resolveMiddlewareOptions(options as MiddlewareOptions<unknown>);
  expect(resolve).toThrow(RangeError);
  expect(resolve).toThrow(message);
});

test('what is undefined is the default', () => {
  const settings = resolveMiddlewareOptions({ sample: undefined } as unknown as MiddlewareOptions<unknown>);
  expect(settings).toMatchObject({ sample: 1, slowMs: Number.POSITIVE_INFINITY, captureHeaders: [] });
});
