import { describe, expect, it } from 'vitest';
import { Redactor } from './redactor.js';
import { REDACTED } from './text/redacted.js';

const CODE = 'SplxlOBeZQQYbYS6WxSbIA';

describe('hashed secrets', () => {
  const hashKey = 'sixteen bytes...';
  const hashing = new Redactor({ hashKey });

  it('are the same for the same value, in a field, a query string, JSON and a list', () => {
    const code = 'a+b/c~SplxlOBeZQQY';
    const { hash } = hashing.data({ hash: 'x', code }) as { hash: string; code: string };
    expect(hash).toBe('x');
    const hashed = hashing.data({ code }).code as string;
    expect(hashed).toMatch(/^hmac:[\w-]{22}$/);
    expect(hashing.text(`/cb?code=${encodeURIComponent(code)}&a=b`)).toBe(`/cb?code=${hashed}&a=b`);
    expect(hashing.text(`/in?to=${encodeURIComponent(`/cb?code=${encodeURIComponent(code)}`)}`)).toContain(
      hashed,
    );
    expect(hashing.text(JSON.stringify({ code }))).toBe(JSON.stringify({ code: hashed }));
    expect(hashing.data({ authorization_code: code, list: ['code', code] })).toEqual({
      authorization_code: hashed,
      list: ['code', hashed],
    });
    expect(new Redactor({ hashKey: Buffer.from(hashKey) }).member('code', code)).toBe(hashed);
  });

  it('differ with the name and with the key', () => {
    const { code, state } = hashing.data({ code: CODE, state: CODE });
    expect(code).not.toBe(state);
    expect(new Redactor({ hashKey: 'another sixteen.' }).member('code', CODE)).not.toBe(code);
  });

  it('have a key of this process where none is given', () => {
    expect(new Redactor().member('code', CODE)).toBe(new Redactor().member('code', CODE));
    expect(new Redactor().member('code', CODE)).not.toBe(hashing.member('code', CODE));
  });

  it('are left when they come again', () => {
    const once = hashing.data({ code: CODE, state: CODE });
    expect(hashing.data(once)).toBe(once);
  });

  it('can be of other names', () => {
    const sessions = new Redactor({ hashKey, hashed: ['session_id'] });
    expect(sessions.data({ sessionId: 's-1', code: CODE })).toEqual({
      sessionId: expect.stringMatching(/^hmac:/),
      code: REDACTED,
    });
  });
});

describe('options', () => {
  it('take further names and places', () => {
    const own = new Redactor({
      names: ['iban'],
      paths: ['user_agent', 'people.*.email', 'error.stack', 'objects'],
    });
    expect(own.data({ a: { IBAN: 'x' } })).toEqual({ a: { IBAN: REDACTED } });
    const people = [{ email: 'a@b', name: 'a' }, { name: 'b' }];
    const entry = {
      user_agent: 'x',
      objects: ['vm-1'],
      error: { message: 'm', stack: 's' },
      data: { people },
    };
    own.places(entry);
    expect(entry).toEqual({
      user_agent: REDACTED,
      objects: [REDACTED],
      error: { message: 'm', stack: REDACTED },
      data: { people: [{ email: REDACTED, name: 'a' }, { name: 'b' }] },
    });
    expect(people[0]?.email).toBe('a@b');
  });

  it.each([
    [{ hashKey: 'short' }, /redact\.hashKey must be/],
    [{ hashed: ['db_password'] }, /can be guessed/],
    [{ hashed: 'code' }, /redact\.hashed must be a list/],
    [{ paths: ['a..b'] }, /a\.\.b; allowed/],
    [{ paths: ['timestamp'] }, /timestamp; allowed/],
    [{ paths: ['data'] }, /data; allowed/],
    [{ name: [] }, /redact\.name is no option/],
    [null, /must be an object/],
  ])('%j is refused', (options, message) => {
    expect(() => new Redactor(options as never)).toThrow(message);
  });

  it('are refused without telling the key', () => {
    const refused = () => new Redactor({ hashKey: 'tooshort' });
    expect(refused).toThrow(RangeError);
    expect(refused).not.toThrow(/tooshort/);
  });
});
