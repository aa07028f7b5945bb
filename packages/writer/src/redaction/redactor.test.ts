import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Redactor } from './redactor.js';
import { REDACTED } from './text/redacted.js';

const CODE = 'SplxlOBeZQQYbYS6WxSbIA';
const JWT =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P';
const PEM = `-----BEGIN RSA PRIVATE KEY-----\nMIIBOgIBAAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8Qu\n-----END RSA PRIVATE KEY-----`;
const redactor = new Redactor({ hashed: [] });

describe('Redactor.text', () => {
  it.each([
    ['/cb?code=x&state=y', '/cb?code=[redacted]&state=[redacted]'],
    ['/authorize?state=y&client_id=web', '/authorize?state=[redacted]&client_id=web'],
    [`/cb?state=${CODE}`, '/cb?state=[redacted]'],
    ['/a?id_token=x#access_token=y', '/a?id_token=[redacted]#access_token=[redacted]'],
    ['/a?client%5Fsecret=x', '/a?client%5Fsecret=[redacted]'],
    [
      '/a?user%5Bpassword%5D=x&user[password]=y',
      '/a?user%5Bpassword%5D=[redacted]&user[password]=[redacted]',
    ],
    ['/login?to=%2Fcb%3Fcode%3Dabc%26n%3D1', '/login?to=%2Fcb%3Fcode%3D[redacted]%26n%3D1'],
    ['/login?to=%252Fcb%253Ftoken%253Dabc%2526n', '/login?to=%252Fcb%253Ftoken%253D[redacted]%2526n'],
    ['<a href="/cb?a=1&amp;code=x">', '<a href="/cb?a=1&amp;code=[redacted]">'],
    [`grant_type=authorization_code&code=${CODE}&x=1`, 'grant_type=authorization_code&code=[redacted]&x=1'],
    ['at get (http://a.b/cb?code=abc)', 'at get (http://a.b/cb?code=[redacted])'],
    ['Authorization: Basic dXNlcjpwYXNz', 'Authorization: [redacted]'],
    ['GET / HTTP/1.1\r\nCookie: a=b; c="d"\r\nHost: x', 'GET / HTTP/1.1\r\nCookie: [redacted]\r\nHost: x'],
    ['Cookie: "a"; sid=b\nx', 'Cookie: [redacted]\nx'],
    [`curl -H 'Cookie: a=b; c=d' http://x`, `curl -H 'Cookie: [redacted]' http://x`],
    ['sent Bearer mF_9.B5f-4.1JqM', 'sent Bearer [redacted]'],
    ['sent Bearer Bearer mF_9.B5f-4.1JqM', 'sent Bearer Bearer [redacted]'],
    ['{"password":"hunter\\"2","n":1}', '{"password":"[redacted]","n":1}'],
    ['{"password": 12345, "n":1}', '{"password": [redacted], "n":1}'],
    [
      '{"a":"{\\"client_secret\\":\\"x\\\\\\"y\\",\\"n\\":1}"}',
      '{"a":"{\\"client_secret\\":\\"[redacted]\\",\\"n\\":1}"}',
    ],
    ['{"set-cookie":["a=b; Path=/","c]d"],"n":1}', '{"set-cookie":[redacted],"n":1}'],
    ["{ password: 'hunter2', n: 1 }", "{ password: '[redacted]', n: 1 }"],
    ['"password"=>"hunter2"', '"password"=>"[redacted]"'],
    ['password = hunter2, x', 'password = [redacted], x'],
    ['API key: abc123', 'API key: [redacted]'],
    ['redis://:s3cr3t@db:6379/0 is away', 'redis://:[redacted]@db:6379/0 is away'],
    ['https://user:p@ss@host/a?b=1', 'https://user:[redacted]@host/a?b=1'],
    ['https://ghp_16C7e42F292c6912E7@github.com/a', 'https://[redacted]@github.com/a'],
    [`saw ${JWT}, again`, 'saw [redacted], again'],
    [`x.eyJ.${JWT}`, 'x.[redacted]'],
    [`key ${PEM} end`, 'key [redacted] end'],
    [`cut ${PEM.slice(0, 60)}`, 'cut [redacted]'],
    [JSON.stringify({ pem: PEM }), '{"pem":"[redacted]"}'],
    ['request_uri=urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c', 'request_uri=[redacted]'],
  ])('%s becomes %s', (text, redacted) => expect(redactor.text(text)).toBe(redacted));

  it.each([
    'a = b, 1 == 1',
    '/a?%zz=1',
    'code: 404',
    'exit code=1, status code: 500, error.code=ECONNRESET',
    '{"code":404,"state":"running","token":null}',
    '/error?code=404',
    '/issues?state=open&page=2',
    'the token bucket is empty',
    'Unexpected token: identifier at 12:30',
    'secret == undefined, token === x',
    'Basic authentication is off',
    'Bearer error="invalid_token", error_description="expired"',
    'request_uri=/users/1?page=2',
    'https://www.example.com:8080/page?q=a@b',
    'next_page_token=abc123def456',
    'token_type=Bearer&expires_in=3600',
    'eyJust a word. And one. More',
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
    '12:30:45 up 3 days, load: 0.5',
  ])('leaves %s', (text) => expect(redactor.text(text)).toBe(text));

  it('changes nothing when done twice', () => {
    const hashing = new Redactor();
    const parts = fc.constantFrom(
      ...[
        '?',
        '&',
        '#',
        '=',
        ':',
        '"',
        "'",
        '\\',
        '\n',
        ' ',
        '%3D',
        '%26',
        '://',
        '@',
        '{',
        '}',
        '[',
        ']',
        ',',
        '.',
      ],
      ...[
        'code',
        'password',
        'Cookie',
        'token',
        'Bearer ',
        'eyJhbGciOi',
        CODE,
        '-----BEGIN PRIVATE KEY',
        'x',
      ],
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 24 }), (all) => {
        const once = hashing.text(all.join(''));
        expect(hashing.text(once)).toBe(once);
      }),
    );
  });

  it.each([
    'code:code-----BEGIN PRIVATE KEY',
    'state=ab-----BEGIN PRIVATE KEY-----',
    'Bearer :code-----BEGIN PRIVATE KEY',
    'Bearer :?code=?',
    '://password=://@x',
  ])('changes nothing when done twice to %s', (text) => {
    const hashing = new Redactor();
    const once = hashing.text(text);
    expect(once).toMatch(/\[redacted\]|hmac:/);
    expect(hashing.text(once)).toBe(once);
  });

  it('lets no secret through in whatever text stands around it', () => {
    const around = fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !/['"`]/.test(text));
    fc.assert(
      fc.property(around, around, (before, after) => {
        expect(redactor.text(`${before}?client_secret=${CODE}&${after}`)).not.toContain(CODE);
        expect(redactor.text(`${before}{"password":"${CODE}"}${after}`)).not.toContain(CODE);
        expect(redactor.text(`${before} ${JWT} ${after}`)).not.toContain('dozjgNry');
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['=', '='],
    ['=?&a', `=${'?'.repeat(32_000)}${'&a'.repeat(16_000)}`],
    ['bearer', 'bearer '.repeat(9_000)],
    ['bearer and blanks', `bearer${' '.repeat(60_000)}`],
    ['eyJ-', 'eyJ-'.repeat(16_000)],
    ['eyJ.', 'eyJ.'.repeat(16_000)],
    ['://', '://'.repeat(20_000)],
    ['a://b:', 'a://b:'.repeat(10_000)],
    ['code:"', 'code:"'.repeat(10_000)],
    ['escaped quotes', Array.from({ length: 250 }, (_, n) => `pass:${'\\'.repeat(n)}" `).join('')],
    ['%5F=', '%5F='.repeat(16_000)],
    ['%25', `%${'25'.repeat(30_000)}`],
    ['%3D', '%3D'.repeat(20_000)],
    ['long name', `${'a'.repeat(64)}=`.repeat(1_000)],
    ['PEM', '-----BEGIN'.repeat(6_000)],
    ['backslashes', `code=" ${'\\'.repeat(60_000)}"`],
  ])('needs time in proportion to the length of hostile %s', (_, hostile) => {
    expect(redactor.text(hostile)).toBe(hostile);
  });

  it('takes 64 KiB of nothing but secrets', () => {
    const text = 'password="x" token=abcdefgh1 Cookie: a\n'.repeat(1_700);
    expect(redactor.text(text).match(/redacted/g)).toHaveLength(5_100);
  });
});

describe('Redactor.data', () => {
  it.each([
    'Authorization',
    'Proxy-Authorization',
    'set-cookie',
    'setCookie',
    'X-API-Key',
    'client_secret',
    'PASSWORD',
    'DB_PASSWORD',
    'refreshToken',
    'aws_secret_access_key',
    'user_code',
    'code_verifier',
    'oauth.client_assertion',
  ])('replaces the value of %s, whatever it is', (name) => {
    expect(redactor.data({ [name]: 'x' })).toEqual({ [name]: REDACTED });
    expect(redactor.data({ [name]: 123_456 })).toEqual({ [name]: REDACTED });
    expect(redactor.data({ [name]: { a: 'x' } })).toEqual({ [name]: REDACTED });
    expect(redactor.data({ [name]: ['x', { a: 'y' }] })).toEqual({ [name]: [REDACTED, REDACTED] });
    expect(redactor.data({ [name]: true })).toEqual({ [name]: true });
  });

  it.each([
    'status_code',
    'tokens_used',
    'author',
    'cookie_banner',
    'token_type',
    'nextPageToken',
    'code_challenge',
    'nonce',
  ])('leaves the value of %s', (name) => expect(redactor.data({ [name]: 'x' })).toEqual({ [name]: 'x' }));

  it.each([
    404,
    '404',
    'ECONNRESET',
    'ERR_HTTP2_INVALID_SESSION',
    'auth/user-not-found',
    'NoSuchBucketPolicy',
  ])('leaves code %s', (code) => expect(redactor.data({ code })).toEqual({ code }));

  it.each([
    CODE,
    '4/0AX4XfWh-2y',
    '550e8400-e29b-41d4-a716-446655440000',
    'f0e1d2c3b4a5968778695a4b3c2d1e0f',
  ])('replaces the authorization code %s', (code) =>
    expect(redactor.data({ code, nested: [{ code }] })).toEqual({
      code: REDACTED,
      nested: [{ code: REDACTED }],
    }),
  );

  it('knows the forms headers have', () => {
    expect(
      redactor.data({
        pairs: [
          ['host', 'a'],
          ['authorization', 'Custom x'],
        ],
        raw: ['Host', 'a', 'Cookie', 'sid=x', 'Set-Cookie', 'b=c'],
        har: [{ name: 'X-Api-Key', value: 'x' }],
        names: ['password', 'token'],
      }),
    ).toEqual({
      pairs: [
        ['host', 'a'],
        ['authorization', REDACTED],
      ],
      raw: ['Host', 'a', 'Cookie', REDACTED, 'Set-Cookie', REDACTED],
      har: [{ name: 'X-Api-Key', value: REDACTED }],
      names: ['password', 'token'],
    });
  });

  it('replaces a secret that is the name of a member', () => {
    expect(redactor.data({ [`Bearer ${JWT}`]: 1 })).toEqual({ [`Bearer ${REDACTED}`]: 1 });
  });

  it('changes nothing it was given, and gives back itself what holds no secret', () => {
    const secret = Object.freeze({
      a: Object.freeze({ password: 'x' }),
      list: Object.freeze(['token', 'x']),
    });
    expect(redactor.data(secret)).toEqual({ a: { password: REDACTED }, list: ['token', REDACTED] });
    const plain = { a: { b: ['c'] } };
    expect(redactor.data(plain)).toBe(plain);
  });

  it('keeps members named like what objects inherit', () => {
    const data = JSON.parse('{"__proto__":{"password":"x"},"constructor":"c","toString":"t"}');
    const redacted = redactor.data(data);
    expect(JSON.stringify(redacted)).toBe(
      '{"__proto__":{"password":"[redacted]"},"constructor":"c","toString":"t"}',
    );
  });
});
