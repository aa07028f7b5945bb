import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { createRecorder } from '../recorder/recorder.js';
import { log_oidc_provider } from './oidc-provider.js';
import type { ProviderRequest } from './provider-request.js';

/** A provider as far as its events go. The real one is in e2e/oauth.test.ts. */
class FakeProvider extends EventEmitter {
  middleware: ((request: ProviderRequest, next: () => Promise<void>) => Promise<void>) | undefined;
  use(middleware: never): void {
    this.middleware = middleware;
  }
}

const EVENTS = [
  'interaction.started',
  'interaction.ended',
  'authorization.accepted',
  'authorization.success',
  'authorization.error',
  'pushed_authorization_request.success',
  'device_authorization.success',
  'grant.success',
  'grant.error',
  'userinfo.error',
  'end_session.success',
  'server_error',
];

describe('log_oidc_provider', () => {
  test('breaks no request, however little is known of it', async () => {
    using recorder = createRecorder();
    const provider = new FakeProvider();
    log_oidc_provider(provider);
    const hostile = {
      get oidc(): never {
        throw new Error('no');
      },
    };
    for (const event of EVENTS) {
      for (const request of [undefined, {}, { oidc: {} }, hostile]) {
        expect(() => provider.emit(event, request, new Error('x')), event).not.toThrow();
      }
    }
    await provider.middleware?.({}, async () => {});
    recorder.assertNothingDropped();
  });

  test('logs an authorization and its answer under one key when there is no state', () => {
    using recorder = createRecorder();
    const provider = new FakeProvider();
    log_oidc_provider(provider);
    const request = { oidc: { route: 'authorization', params: { client_id: 'web', response_type: 'code' } } };
    provider.emit('authorization.accepted', request);
    provider.emit('authorization.success', request, { code: 'abc' });
    const [begun, given] = recorder.entries.map(({ data }) => data?.oauth);
    expect(begun).toMatchObject({ interaction: expect.stringMatching(/^hmac:/) });
    expect(given).toMatchObject({ interaction: (begun as { interaction: string }).interaction });
    expect(recorder.entries.map(({ outcome }) => outcome)).toEqual([undefined, 'success']);
  });

  test('keeps the id of an interaction out of the path', () => {
    using recorder = createRecorder();
    const provider = new FakeProvider();
    log_oidc_provider(provider, { component: 'idp', clientIp: () => '192.0.2.1' });
    const request = { path: '/auth/secret-uid-1', _matchedRoute: '/auth/:uid', oidc: { route: 'resume' } };
    provider.emit('authorization.error', request, Object.assign(new Error('x'), { error: 'access_denied' }));
    expect(recorder.entries[0]).toMatchObject({
      component: 'idp',
      client_ip: '192.0.2.1',
      path: '/auth/:uid',
      event: 'oauth.login',
      outcome: 'failure',
    });
    expect(JSON.stringify(recorder.entries)).not.toContain('secret-uid');
  });

  test('tells of userinfo, introspection and revocation that succeed, which have no event', async () => {
    using recorder = createRecorder();
    const provider = new FakeProvider();
    log_oidc_provider(provider);
    const request = {
      status: 200,
      body: { active: false },
      oidc: { route: 'introspection', body: { token: 't' } },
    };
    await provider.middleware?.(request, async () => {});
    await provider.middleware?.({ ...request, status: 401 }, async () => {});
    expect(recorder.entries).toHaveLength(1);
    expect(recorder.entries[0]?.data?.oauth).toMatchObject({ active: false });
  });
});
