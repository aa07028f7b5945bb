import { describe, expect, it } from 'vitest';
import type { LogRecord } from '../record/log-record.js';
import { Redactor } from '../redaction/redactor.js';
import { buildEntry } from './build-entry.js';

const redactor = new Redactor({ hashed: [] });

function entryOf(fields: Record<string, unknown>, record: Partial<LogRecord> = {}) {
  const defaults: LogRecord = {
    kind: 'log',
    level: 'INFO',
    timestamp: 1_700_000_000_000,
    message: 'hello',
    line: undefined,
    fields,
    bytes: 0,
    truncated: false,
  };
  return buildEntry({ ...defaults, ...record }, redactor);
}

const REQUEST = { kind: 'request', level: undefined, message: undefined } as const;

describe('buildEntry', () => {
  it('puts known fields where they belong and everything else into data', () => {
    expect(entryOf({ component: 'api', user_id: 7, memory_mb: 12, nothing: null })).toMatchObject({
      component: 'api',
      user_id: '7',
      data: { memory_mb: 12 },
    });
  });

  it('keeps a value that is not of its field in data', () => {
    const entry = entryOf({
      status_code: 999,
      client_ip: 'nowhere',
      response_time_ms: -1,
      outcome: 'maybe',
      objects: 'vm-1',
    });
    expect(entry.data).toEqual({
      status_code: 999,
      client_ip: 'nowhere',
      response_time_ms: -1,
      outcome: 'maybe',
      objects: 'vm-1',
    });
    expect(entry).not.toHaveProperty('status_code');
  });

  it.each([
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('stores the address %s as %s', (given, stored) => {
    expect(entryOf({ client_ip: given }).client_ip).toBe(stored);
  });

  it('gives a request the level of its status unless the caller names one', () => {
    expect(entryOf({ status_code: 503 }, REQUEST).level).toBe('ERROR');
    expect(entryOf({ status_code: 404 }, REQUEST).level).toBe('WARNING');
    expect(entryOf({}, REQUEST).level).toBe('INFO');
    expect(entryOf({ status_code: 503, level: 'debug' }, REQUEST).level).toBe('DEBUG');
  });

  it('lets no field change the level of a log call', () => {
    expect(entryOf({ level: 'AUDIT' })).toMatchObject({ level: 'INFO', data: { level: 'AUDIT' } });
  });

  it('cuts a text past its bound, never inside a character, and names the field', () => {
    const entry = entryOf(
      { component: '\u{1F600}'.repeat(100) },
      { message: `${'x'.repeat(32_767)}\u{1F600}` },
    );
    expect(entry.truncated).toEqual(expect.arrayContaining(['component', 'message']));
    expect(entry.message).toBe('x'.repeat(32_767));
    expect(Buffer.from(entry.component).toString()).toBe(entry.component);
  });

  it('makes an error of whatever stands under that name', () => {
    expect(entryOf({ error: { type: 5, message: {} } }).error).toMatchObject({ type: 'Error' });
    expect(entryOf({ error: 'disk full' }).error).toEqual({ type: 'Error', message: 'disk full' });
    expect(entryOf({ error: { type: 'E', message: 'm', cause: { type: 'C', message: 'c' } } }).error).toEqual(
      {
        type: 'E',
        message: 'm',
        cause: { type: 'C', message: 'c' },
      },
    );
  });

  it('replaces secrets before anything is stored', () => {
    const entry = entryOf(
      {
        path: '/callback?code=abc123&state=x',
        referrer: 'https://example.com/?access_token=abc123',
        password: 'abc123',
        headers: { Authorization: 'Bearer abc123', 'Set-Cookie': ['sid=abc123'], accept: '*/*' },
        error: {
          type: 'E',
          message: 'GET /x?token=abc123 failed',
          stack: 'Authorization: Bearer abc123abc123',
        },
      },
      { message: 'sent with Bearer abc123abc123' },
    );
    expect(JSON.stringify(entry)).not.toContain('abc123');
    expect(entry.path).toBe('/callback?code=[redacted]&state=[redacted]');
    expect(entry.data).toMatchObject({ password: '[redacted]', headers: { accept: '*/*' } });
  });

  it('hashes what joins the steps of an OAuth flow, however short, and not what only has its name', () => {
    const oauth = {
      state: 'xyz',
      code: 'a1',
      access_token: ['t1', 't2'],
      flow: 'login-7',
      jti: 'j1',
      scope: 'a',
    };
    const HASHED = expect.stringMatching(/^hmac:[\w-]{22}$/);
    expect(entryOf({ event: 'oauth.callback', oauth }).data).toEqual({
      oauth: { ...oauth, state: HASHED, code: HASHED, access_token: [HASHED, HASHED] },
    });
    expect(entryOf({ event: 'oauth.token', oauth: { code: 123456 } }).data).toEqual({
      oauth: { code: HASHED },
    });
    const state = { state: 'xyz', code: 'a1' };
    expect(entryOf({ event: 'order.paid', oauth: state }).data).toEqual({ oauth: state });
    for (const wrong of [['a1'], 'a1', 1, true]) {
      expect(entryOf({ event: 'oauth.callback', oauth: wrong }).data).toEqual({ oauth: wrong });
    }
  });
});
