import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSecretName, redactText } from './redact.js';

describe('isSecretName', () => {
  it.each([
    'Authorization',
    'set-cookie',
    'setCookie',
    'X-API-Key',
    'client_secret',
    'PASSWORD',
    'refreshToken',
  ])('knows %s', (name) => expect(isSecretName(name)).toBe(true));

  it.each(['status_code', 'tokens_used', 'author', 'cookie_banner'])('leaves %s', (name) =>
    expect(isSecretName(name)).toBe(false),
  );
});

describe('redactText', () => {
  it.each([
    ['/cb?code=x&state=y', '/cb?code=[redacted]&state=y'],
    ['/a?id_token=x#access_token=y', '/a?id_token=[redacted]#access_token=[redacted]'],
    ['/a?client%5Fsecret=x', '/a?client%5Fsecret=[redacted]'],
    ['Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic [redacted]'],
    ['a = b, 1 == 1', 'a = b, 1 == 1'],
    ['/a?%zz=1', '/a?%zz=1'],
  ])('%s becomes %s', (text, redacted) => expect(redactText(text)).toBe(redacted));

  it('changes nothing but secrets, and nothing when done twice', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), (url) => {
        expect(redactText(redactText(url))).toBe(redactText(url));
      }),
    );
  });

  it('needs time in proportion to the length of a hostile text', () => {
    const hostile = `=${'?'.repeat(32_000)}${'&a'.repeat(16_000)}${'bearer '.repeat(4_000)}`;
    expect(redactText(hostile)).toBe(hostile);
  });
});
