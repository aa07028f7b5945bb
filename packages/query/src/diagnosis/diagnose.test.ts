import type { Entry } from '@tailrace/schema';
import { describe, expect, test } from 'vitest';
import { flowOf } from '../oauth/flow.js';
import { diagnoseFlows } from './diagnose.js';
import { differenceOf } from './difference.js';
import { RULES } from './rules.js';

const AT = 1_700_000_000_000;

/** A step so many milliseconds after {@link AT}. */
interface Step extends Partial<Omit<Entry, 'event' | 'data'>> {
  readonly at?: number;
  readonly oauth?: Record<string, unknown>;
}

function step(name: string, { at = 0, oauth = {}, ...fields }: Step = {}): Entry {
  return {
    id: `log:${AT + at}:oauth:${name}`,
    timestamp: AT + at,
    kind: 'log',
    level: 'INFO',
    component: 'oauth',
    message: '',
    client_id: 'web',
    event: `oauth.${name}`,
    data: { oauth } as NonNullable<Entry['data']>,
    ...fields,
  };
}

const asked = step('authorize', {
  oauth: {
    state: 's',
    redirect_uri: 'https://a.example/cb',
    response_type: 'code',
    code_challenge_method: 'S256',
  },
});
const authorized = step('authorize', { at: 100, outcome: 'success', oauth: { state: 's', code: 'c' } });
const callback = step('callback', { at: 200, outcome: 'success', oauth: { state: 's', code: 'c' } });
const token = step('token', { at: 300, outcome: 'success', oauth: { code: 'c', refresh_token: 'r1' } });
const failed = (name: string, oauth: Record<string, unknown>, at = 400) =>
  step(name, { at, outcome: 'failure', oauth });

function diagnose(entries: readonly Entry[], abandonedBefore = AT) {
  const [flow] = diagnoseFlows([flowOf(entries, abandonedBefore)]);
  return {
    state: flow?.state,
    at: flow?.stop?.entry.event,
    cause: flow?.diagnosis?.cause,
    diagnosis: flow?.diagnosis,
  };
}

describe('diagnoseFlows', () => {
  test.each([
    ['a login', [asked, authorized, callback, token]],
    [
      'a login after a wrong password',
      [asked, failed('login', { error: 'x' }, 50), authorized, callback, token],
    ],
    [
      'a token that is refused at its end, and refreshed',
      [
        token,
        failed(
          'validate',
          { error: 'invalid_token', claims: { exp: AT / 1000 }, checked_at: AT / 1000 + 9 },
          9_000,
        ),
        step('refresh', { at: 9_100, outcome: 'success' }),
      ],
    ],
    ['a device that polls', [step('token', { oauth: { error: 'authorization_pending' } }), token]],
    ['a token request alone', [token]],
    [
      'uses of a token',
      [step('validate', { outcome: 'success' }), step('introspect', { outcome: 'success' })],
    ],
    ['a callback a proxy saw answered', [asked, { ...callback, kind: 'request' as const, status_code: 302 }]],
    ['a client that registers', [step('register', { outcome: 'success' })]],
  ])('finds nothing wrong with %s', (_, entries) => {
    expect(diagnose(entries)).toMatchObject({ state: 'complete', at: undefined, cause: undefined });
  });

  test('says nothing yet of a flow that has just begun', () => {
    expect(diagnose([asked], AT - 1)).toMatchObject({ state: 'open', cause: undefined });
  });

  test.each([
    ['code_reused', [authorized, token, failed('token', { code: 'c', error: 'invalid_grant' })]],
    ['code_expired', [authorized, failed('token', { code: 'c', error: 'invalid_grant' }, 700_000)]],
    [
      'pkce_verifier_missing',
      [asked, authorized, failed('token', { error: 'invalid_grant', has_code_verifier: false })],
    ],
    [
      'redirect_uri_mismatch',
      [asked, authorized, failed('token', { error: 'invalid_grant', redirect_uri: 'http://a.example/cb' })],
    ],
    [
      'client_authentication',
      [failed('token', { error: 'invalid_client', auth_method: 'client_secret_basic' })],
    ],
    ['refresh_token_invalid', [token, failed('refresh', { error: 'invalid_grant', refresh_token: 'r1' })]],
    [
      'token_expired',
      [token, failed('validate', { error: 'invalid_token', claims: { exp: AT / 1000 - 60 } })],
    ],
    ['login_failed', [asked, failed('login', { error: 'invalid_credentials' })]],
    ['callback_missing', [asked, authorized]],
    ['code_not_exchanged', [asked, authorized, callback]],
    ['left_before_the_end', [asked]],
    ['error_reported', [failed('token', { error: 'server_error' })]],
    ['error_reported', [failed('register', {})]],
  ])('finds %s also where the server says no more than its error code', (cause, entries) => {
    expect(diagnose(entries, AT + 1_000_000).cause).toBe(cause);
  });

  test('knows a refresh token that was replaced from one that may be used again', () => {
    const rotated = step('refresh', { at: 350, outcome: 'success', oauth: { refresh_token: ['r1', 'r2'] } });
    const again = failed('refresh', { error: 'invalid_grant', refresh_token: 'r1' });
    expect(diagnose([token, rotated, again]).cause).toBe('refresh_token_reused');
    const kept = step('refresh', { at: 350, outcome: 'success', oauth: { refresh_token: ['r1'] } });
    expect(diagnose([token, kept, again]).cause).toBe('refresh_token_invalid');
  });

  test('gives the ages of an expired code, and both redirect URIs with their difference marked', () => {
    const expired = diagnose([
      authorized,
      failed('token', { error: 'invalid_grant', error_detail: 'code expired' }, 90_100),
    ]);
    expect(expired.diagnosis?.sentence).toBe('The code had expired: it was 90 s old when it was exchanged.');
    const mismatch = diagnose([
      asked,
      failed('token', { error: 'invalid_grant', redirect_uri: 'https://a.example/cb/' }),
    ]);
    expect(mismatch.diagnosis?.evidence).toContainEqual({
      name: 'difference',
      value: 'https://a.example/cb[/] ≠ https://a.example/cb[]',
    });
  });

  test('points at the first of the failures that follow from one another', () => {
    const flow = [
      asked,
      failed('consent', { error: 'access_denied' }, 50),
      failed('callback', { error: 'access_denied' }, 60),
    ];
    expect(diagnose(flow)).toMatchObject({ cause: 'consent_denied', at: 'oauth.consent' });
  });

  test('does not take a success at one resource server for another', () => {
    const refused = failed('validate', {
      error: 'insufficient_scope',
      required_scope: 'write',
      claims: { scope: 'read' },
    });
    const taken = step('validate', { at: 500, outcome: 'success', component: 'other' });
    expect(diagnose([token, refused, taken])).toMatchObject({ state: 'failed', cause: 'scope_not_granted' });
  });

  test('finds a login loop by the session, not by the user or the address', () => {
    const logins = (session: (i: number) => string) =>
      Array.from({ length: 5 }, (_, i) =>
        flowOf(
          [
            step('authorize', {
              at: i * 100,
              session_id: session(i),
              user_id: 'ada',
              client_ip: '192.0.2.1',
            }),
            token,
          ],
          AT,
        ),
      );
    const causes = (flows: ReturnType<typeof logins>) =>
      new Set(diagnoseFlows(flows).map(({ diagnosis }) => diagnosis?.cause));
    expect(causes(logins(() => 'x'))).toEqual(new Set(['login_loop']));
    expect(causes(logins(String))).toEqual(new Set([undefined]));
  });
});

test('every rule has a name of its own, something to change, and a section of an RFC', () => {
  expect(new Set(RULES.map(({ cause }) => cause)).size).toBe(RULES.length);
  for (const { cause, change, reference } of RULES) {
    expect(change.length, cause).toBeGreaterThan(20);
    expect(reference.url).toMatch(/^https:\/\/www\.rfc-editor\.org\/rfc\/rfc\d+#section-[\d.]+$/);
  }
});

test('differenceOf marks what differs, also in the middle and at an end', () => {
  expect(differenceOf('http://a/cb', 'https://a/cb')).toBe('http[]://a/cb ≠ http[s]://a/cb');
  expect(differenceOf('aa', 'a')).toBe('a[a] ≠ a[]');
  expect(differenceOf('same', 'same')).toBeUndefined();
  expect(differenceOf(undefined, 'a')).toBeUndefined();
});
