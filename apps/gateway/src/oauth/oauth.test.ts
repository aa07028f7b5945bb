import { oauthFlowsReplySchema, oauthSummaryReplySchema } from '@tailrace/api';
import type { DiagnosedFlow, FlowsRequest } from '@tailrace/query';
import type { Entry } from '@tailrace/schema';
import { describe, expect, test } from 'vitest';
import { createApp } from '../index.js';
import { fakeDeps } from '../testing/fake-deps.js';

const NOW = 1_700_000_000_000;

function flowOf(stepCount: number): DiagnosedFlow {
  const steps = Array.from({ length: stepCount }, (_, i) => {
    const entry: Entry = {
      id: `log:${NOW + i}:oauth:x`,
      timestamp: NOW + i * 100,
      kind: 'log',
      level: 'INFO',
      component: 'oauth',
      message: 'm',
      event: 'oauth.token',
      method: 'POST',
    };
    return { entry, name: 'token', at: entry.timestamp, outcome: 'failure' as const, details: {}, joins: [] };
  });
  return {
    state: 'failed',
    stop: steps[0],
    steps,
    clientId: 'web',
    userId: undefined,
    sessions: [],
    clientIps: ['192.0.2.1'],
    startedAt: NOW,
    endedAt: NOW + (stepCount - 1) * 100,
    diagnosis: {
      cause: 'code_reused',
      sentence: 'Twice.',
      evidence: [],
      change: 'Once.',
      reference: {
        title: 'RFC 6749, section 4.1.2',
        url: 'https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2',
      },
      step_id: steps[0]?.entry.id ?? null,
    },
  };
}

function appWith(flows: readonly DiagnosedFlow[] = []) {
  const asked: FlowsRequest[] = [];
  const app = createApp(
    fakeDeps({
      now: () => NOW,
      oauthFlows: {
        find: async (request) => {
          asked.push(request);
          return { flows, partial: false };
        },
      },
    }),
  );
  return { app, asked };
}

describe('OAuth endpoints', () => {
  test.each([
    ['/logs/oauth-debug/::ffff:192.0.2.1?hours=1', { ip: '192.0.2.1' }, 100],
    ['/logs/oauth-flow?client_id=web&username=ada&limit=7', { client: 'web', user: 'ada' }, 7],
    ['/logs/oauth-flow', {}, 100],
    ['/logs/oauth-user/ada%2Fx', { user: 'ada/x' }, 100],
    ['/logs/oauth/192.0.2.1', { ip: '192.0.2.1' }, 10_000],
  ])('%s asks for %j', async (path, filter, limit) => {
    const { app, asked } = appWith();
    expect((await app.request(path)).status).toBe(200);
    expect(asked).toEqual([
      { filter, limit, abandonedAfterMs: 600_000, window: { from: expect.any(Number), to: NOW } },
    ]);
  });

  test.each([
    ['/logs/oauth/nonsense', 'ip'],
    ['/logs/oauth-flow?limit=0', 'limit'],
    ['/logs/oauth-flow?abandoned_after_s=-1', 'abandoned_after_s'],
    ['/logs/oauth-flow?user=ada', 'user'],
    ['/logs/oauth-flow?hours=1&from=1700000000', 'hours'],
  ])('%s is refused for its %s', async (path, field) => {
    const reply = await appWith().app.request(path);
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ error: { code: 'invalid_parameter', field } });
  });

  test('reply as their schema says', async () => {
    const { app } = appWith([flowOf(2)]);
    const reply = await (await app.request('/logs/oauth-debug/192.0.2.1')).json();
    expect(oauthFlowsReplySchema.strict().parse(reply).flows[0]).toMatchObject({
      state: 'failed',
      at: 'token',
      user_id: null,
      duration_ms: 100,
      truncated: false,
      steps: [
        { gap_ms: 0, step: 'token', request: { method: 'POST' } },
        { gap_ms: 100, step: 'token' },
      ],
    });
  });

  test('show of a flow with very many steps how it began and how it ended', async () => {
    const { app } = appWith([flowOf(1_000)]);
    const reply = await (await app.request('/logs/oauth-flow')).json();
    const [flow] = oauthFlowsReplySchema.parse(reply).flows;
    expect(flow).toMatchObject({ truncated: true, duration_ms: 99_900 });
    expect(flow?.steps).toHaveLength(200);
    expect(flow?.steps.at(-1)?.timestamp).toBe(new Date(NOW + 99_900).toISOString());
  });

  test('count activity by client, user, step and outcome, and causes', async () => {
    const { app } = appWith([flowOf(2), flowOf(1)]);
    const reply = oauthSummaryReplySchema
      .strict()
      .parse(await (await app.request('/logs/oauth/192.0.2.1')).json());
    expect(reply.flows).toEqual({ complete: 0, open: 0, failed: 2, abandoned: 0 });
    expect(reply.activity).toMatchObject([{ client_id: 'web', step: 'token', outcome: 'failure', count: 3 }]);
    expect(reply.causes).toEqual([{ cause: 'code_reused', sentence: 'Twice.', count: 2 }]);
  });
});
