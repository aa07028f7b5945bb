import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { log_oauth_activity, log_request, track_oauth_flow } from '../log-functions.js';
import { createRecorder, type Recorder } from '../recorder/recorder.js';
import { log_token_check } from './token-check.js';

const HASHED = /^hmac:[\w-]{22}$/;

let recorder: Recorder;
beforeEach(() => {
  recorder = createRecorder();
});
afterEach(() => {
  recorder.assertNothingDropped();
  recorder.stop();
});

const oauthAt = (place: number) => recorder.entries[place]?.data?.oauth as Record<string, unknown>;

function jwt(payload: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(payload)}.c2lnbmF0dXJl`;
}

describe('log_oauth_activity', () => {
  test('logs a step as an event with its fields, and its details in data.oauth', () => {
    log_oauth_activity('token', {
      client_id: 'web',
      user_id: 'ada',
      grant_type: 'authorization_code',
      outcome: 'success',
      tenant: 't1',
    });
    expect(recorder.entries[0]).toMatchObject({
      event: 'oauth.token',
      level: 'INFO',
      component: 'oauth',
      message: 'OAuth token succeeded',
      client_id: 'web',
      user_id: 'ada',
      outcome: 'success',
      data: { tenant: 't1', oauth: { grant_type: 'authorization_code' } },
    });
  });

  test('keeps of every secret only a hash, however short or plain it is', () => {
    const secrets = {
      state: 'xyz',
      code: 'abcdefghijkl',
      access_token: 'opaque',
      refresh_token: ['old', 'new'],
      request_uri: 'plain',
      device_code: 'device',
      interaction: 'uid',
    };
    log_oauth_activity('oauth.token', secrets);
    const oauth = oauthAt(0);
    expect(Object.keys(oauth).toSorted()).toEqual(Object.keys(secrets).toSorted());
    for (const value of Object.values(oauth).flat()) expect(value).toMatch(HASHED);
  });

  test('hashes a code as requests do that have it in their path', () => {
    log_oauth_activity('callback', { code: 'SplxlOBeZQQYbYS6WxSbIA', state: 'af0ifjsldkjaf0ifj1' });
    log_request('GET', '/cb?code=SplxlOBeZQQYbYS6WxSbIA&state=af0ifjsldkjaf0ifj1', '192.0.2.1', 'a.example', {
      status_code: 200,
    });
    const { code, state } = oauthAt(0);
    expect(recorder.entries[1]?.path).toBe(`/cb?code=${code}&state=${state}`);
  });

  test('keeps the claims of a JWT and not the token', () => {
    const token = jwt({ jti: 'j1', iss: 'https://a.example', aud: ['x', 'y'], exp: 5, email: 'a@b.example' });
    log_oauth_activity('userinfo', { access_token: token });
    expect(oauthAt(0)).toEqual({
      access_token: expect.stringMatching(HASHED),
      jti: 'j1',
      claims: { iss: 'https://a.example', aud: ['x', 'y'], exp: 5 },
    });
  });

  test('takes the error of a library: its code, not the response it was caused by', () => {
    const error = Object.assign(new Error('server responded with an error'), {
      error: 'invalid_grant',
      error_description: 'the code is gone',
      cause: { code: 'SplxlOBeZQQYbYS6WxSbIA' },
    });
    log_oauth_activity('token', { error });
    const [entry] = recorder.entries;
    expect(entry).toMatchObject({ level: 'WARNING', outcome: 'failure', error: { type: 'Error' } });
    expect(oauthAt(0)).toEqual({ error: 'invalid_grant', error_description: 'the code is gone' });
    expect(JSON.stringify(entry)).not.toContain('Splx');
  });

  test('takes an answer to polling for no failure', () => {
    log_oauth_activity('token', { error: 'authorization_pending' });
    expect(recorder.entries[0]).toMatchObject({ level: 'INFO' });
    expect(recorder.entries[0]?.outcome).toBeUndefined();
  });

  test('never throws, whatever it is given', () => {
    const hostile = {
      get code(): string {
        throw new Error('no');
      },
    };
    expect(() => log_oauth_activity('token', hostile)).not.toThrow();
    expect(() => log_oauth_activity('token', null as never)).not.toThrow();
    expect(() => log_oauth_activity(undefined as never, { access_token: 'a.b.c' })).not.toThrow();
    recorder.stop();
    recorder = createRecorder();
  });
});

test('track_oauth_flow gives a step the name of its flow', () => {
  track_oauth_flow('session-1', 'login', { user_id: 'ada' });
  expect(recorder.entries[0]).toMatchObject({ event: 'oauth.login', user_id: 'ada' });
  expect(oauthAt(0)).toEqual({ flow: 'session-1' });
});

describe('log_token_check', () => {
  test('logs a token that was taken, and one that was refused with the error of a library', () => {
    const token = jwt({ aud: 'https://api.example' });
    log_token_check({
      token,
      audience: 'https://api.example',
      checkedAtMs: 1_500,
      fields: { client_ip: '192.0.2.1' },
    });
    log_token_check({ token, error: new Error('signature verification failed') });
    expect(recorder.entries[0]).toMatchObject({
      event: 'oauth.validate',
      outcome: 'success',
      client_ip: '192.0.2.1',
    });
    expect(oauthAt(0)).toMatchObject({ audience: 'https://api.example', checked_at: 1.5 });
    expect(recorder.entries[1]).toMatchObject({ outcome: 'failure', level: 'WARNING' });
    expect(oauthAt(1)).toMatchObject({
      error: 'invalid_token',
      error_description: 'signature verification failed',
    });
  });
});
