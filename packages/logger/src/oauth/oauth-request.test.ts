import type { SeenRequest } from '@tailrace/schema';
import { describe, expect, test } from 'vitest';
import { log_request } from '../log-functions.js';
import { createRecorder } from '../recorder/recorder.js';
import { oauth_request_fields } from './oauth-request.js';

const seen = (path: string, more: Partial<SeenRequest> = {}): SeenRequest => ({
  method: 'GET',
  path,
  status_code: 200,
  ...more,
});
const eventOf = (request: SeenRequest) => oauth_request_fields(request)?.event;

describe('oauth_request_fields', () => {
  test('joins what a proxy sees of one login, without a secret', () => {
    using recorder = createRecorder();
    const asked = '/oauth2/authorize?client_id=web&response_type=code&state=S-123456789&scope=openid';
    const callback = 'https://web.example/cb?code=C-987654321&state=S-123456789';
    const requests = [
      seen(asked, { status_code: 200 }),
      seen(asked, { status_code: 302, location: callback }),
      seen('/cb?code=C-987654321&state=S-123456789', { status_code: 302 }),
      seen('/oauth2/token', {
        method: 'POST',
        status_code: 400,
        body: 'grant_type=authorization_code&code=C-987654321&client_secret=hush-hush',
      }),
    ];
    for (const request of requests) {
      const { method, path, status_code } = request;
      log_request(method, path, '192.0.2.1', 'a.example', { status_code, ...oauth_request_fields(request) });
    }
    expect(recorder.entries.map(({ event, outcome }) => [event, outcome])).toEqual([
      ['oauth.authorize', undefined],
      ['oauth.authorize', 'success'],
      ['oauth.callback', 'success'],
      ['oauth.token', 'failure'],
    ]);
    const joins = recorder.entries.map(({ data }) => data?.oauth as { state?: string; code?: string });
    expect(new Set(joins.flatMap(({ state }) => state ?? [])).size).toBe(1);
    expect(new Set(joins.flatMap(({ code }) => code ?? [])).size).toBe(1);
    expect(JSON.stringify(recorder.entries)).not.toMatch(/C-987|S-123|hush/);
  });

  test('leaves alone what only has the path', () => {
    for (const request of [
      seen('/callback'),
      seen('/token'),
      seen('/token', { method: 'POST', body: 'amount=5' }),
      seen('/authorize?next=/home'),
      seen('/orders?code=5'),
      seen('/revoke'),
      seen(''),
    ]) {
      expect(oauth_request_fields(request), request.path).toBeUndefined();
    }
  });

  test('knows a refresh, a pushed request, and a server whose endpoints are elsewhere', () => {
    const post = (path: string, body: string) => seen(path, { method: 'POST', body });
    expect(eventOf(post('/oauth/token', 'grant_type=refresh_token&refresh_token=abc'))).toBe('oauth.refresh');
    expect(eventOf(post('/as/par', 'client_id=web'))).toBe('oauth.par');
    const own = { authorize: ['/sso/start'] };
    expect(oauth_request_fields(seen('/sso/start?client_id=web'), own)?.event).toBe('oauth.authorize');
    expect(oauth_request_fields(seen('/authorize?client_id=web'), own)).toBeUndefined();
  });
});
