import * as openid from 'openid-client';
import { errors as openid5 } from 'openid-client-5';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { log_oauth_activity } from '../log-functions.js';
import { createRecorder, type Recorder } from '../recorder/recorder.js';
import { log_token_check } from './token-check.js';

let recorder: Recorder;
beforeEach(() => {
  recorder = createRecorder();
});
afterEach(() => recorder.stop());

/** What is logged of a step that failed with this. */
function logged(error: unknown, activity: Record<string, unknown> = {}) {
  log_oauth_activity('token', { client_id: 'web', ...activity, error });
  const entry = recorder.entries.at(-1);
  return { entry, oauth: entry?.data?.oauth as Record<string, unknown> };
}

describe('the error of a step', () => {
  test('that is no OAuth error makes a failure with its type, message and stack', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
    const { entry } = logged(new TypeError('fetch failed', { cause }));
    expect(entry).toMatchObject({
      level: 'WARNING',
      outcome: 'failure',
      message: 'OAuth token failed: fetch failed',
      error: {
        type: 'TypeError',
        message: 'fetch failed',
        stack: expect.stringContaining('fetch failed'),
        cause: { code: 'ECONNREFUSED' },
      },
    });
  });

  test.each([null, undefined, false, ''])('that is %s is none', (error) => {
    expect(logged(error).entry?.outcome).toBeUndefined();
    log_token_check({ token: 't', error });
    expect(recorder.entries.at(-1)).toMatchObject({ outcome: 'success', level: 'INFO' });
  });

  test('of openid-client 6 is understood: a body, parameters, a challenge, and what it wraps', () => {
    const response = new Response('{}', { status: 400 });
    const refused = { error: 'invalid_grant', error_description: 'the code is gone' };
    const body = new openid.ResponseBodyError('server responded with an error', {
      cause: refused,
      response,
    } as never);
    const parameters = new URLSearchParams(refused);
    const answer = new openid.AuthorizationResponseError('authorization response is an error', {
      cause: parameters,
    } as never);
    const challenge = new openid.WWWAuthenticateChallengeError('server responded with a challenge', {
      cause: [{ scheme: 'bearer', parameters: refused }],
      response,
    } as never);
    for (const error of [body, answer, challenge]) {
      const { entry, oauth } = logged(error);
      expect(entry).toMatchObject({ outcome: 'failure', error: { type: error.name } });
      expect(oauth).toEqual({ ...refused });
    }
    const wrapped = new openid.ClientError('something went wrong', {
      cause: new Error('unexpected JWT "exp" claim value'),
      code: 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
    } as never);
    expect(logged(wrapped).entry?.error).toMatchObject({
      type: wrapped.name,
      message: 'something went wrong',
    });
  });

  test('of openid-client 5 is understood, and the secrets in its message are hashed', () => {
    const refused = new openid5.OPError({ error: 'access_denied', error_description: 'no' });
    expect(logged(refused)).toMatchObject({
      entry: { outcome: 'failure', error: { type: 'OPError' } },
      oauth: { error: 'access_denied', error_description: 'no' },
    });
    const mismatch = new openid5.RPError({
      printf: ['state mismatch, expected %s, got: %s', 'expectedstate', 'receivedstate'],
      checks: { state: 'expectedstate' },
      params: { state: 'receivedstate' } as never,
    } as never);
    const { entry } = logged(mismatch, { state: 'receivedstate' });
    expect(entry?.error).toMatchObject({
      type: 'RPError',
      message: expect.stringMatching(/^state mismatch, expected hmac:[\w-]{22}, got: hmac:[\w-]{22}$/),
    });
    expect(JSON.stringify(entry)).not.toMatch(/expectedstate|receivedstate/);
  });
});
