import { describe, expect, test } from 'vitest';
import { oauthDetailsOf, oauthJoinsOf, oauthStepOf } from './oauth-details.js';

describe('oauthJoinsOf', () => {
  test('names each join by its kind, and a given flow by itself', () => {
    const oauth = { flow: 's1', state: 'hmac:a', refresh_token: ['hmac:b', 'hmac:c'], jti: 'j' };
    expect(oauthJoinsOf({ event: 'oauth.refresh', data: { oauth } })).toEqual([
      's1',
      'state:hmac:a',
      'refresh_token:hmac:b',
      'refresh_token:hmac:c',
      'jti:j',
    ]);
  });

  test('gives none for what is no OAuth event, or has no such data', () => {
    const oauth = { state: 'hmac:a' };
    expect(oauthJoinsOf({ event: 'order.paid', data: { oauth } })).toEqual([]);
    expect(oauthJoinsOf({ event: 'oauth.token' })).toEqual([]);
    for (const wrong of [null, 1, 'text', [], { state: 5 }, { state: '' }, { state: { a: 'b' } }]) {
      expect(oauthJoinsOf({ event: 'oauth.token', data: { oauth: wrong } })).toEqual([]);
    }
  });

  test('takes a few values of each kind at most', () => {
    const oauth = { code: Array.from({ length: 1000 }, (_, i) => `hmac:${i}`) };
    expect(oauthJoinsOf({ event: 'oauth.token', data: { oauth } }).length).toBeLessThan(10);
  });
});

describe('oauthDetailsOf', () => {
  test('leaves out what has another shape, and keeps the rest', () => {
    const oauth = { error: 'invalid_grant', scope: 7, claims: { exp: 'soon' }, unknown: 1 };
    expect(oauthDetailsOf({ data: { oauth } })).toEqual({ error: 'invalid_grant' });
    expect(oauthDetailsOf({ data: { oauth: 'text' } })).toEqual({});
    expect(oauthDetailsOf({})).toEqual({});
  });
});

test('oauthStepOf knows the steps of flows and no other event', () => {
  expect(oauthStepOf('oauth.token')).toBe('token');
  expect([undefined, 'oauth.', 'oauth.tokens', 'oauth.x.token', 'token'].map(oauthStepOf)).toEqual(
    Array(5).fill(undefined),
  );
});
