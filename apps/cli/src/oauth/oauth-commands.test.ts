import type { OAuthFlowReply, OAuthFlowsReply } from '@tailrace/api';
import { describe, expect, test } from 'vitest';
import { replyJson, startFakeGateway } from '../testing/fake-gateway.js';
import { type RunOptions, run } from '../testing/run.js';

const CHANGE =
  'Send the code_verifier the code_challenge was made from, without padding, and from one place only.';

function fakeFlow(changes: Partial<OAuthFlowReply> = {}): OAuthFlowReply {
  const step = (number: number, name: string, more: Partial<OAuthFlowReply['steps'][number]> = {}) => ({
    id: `log:${number}:oauth:x`,
    timestamp: new Date(1705314645123 + number).toISOString(),
    gap_ms: number * 600,
    step: name,
    component: 'oidc',
    message: '',
    oauth: {},
    error: undefined,
    ...more,
  });
  return {
    id: 'log:0:oauth:x',
    state: 'failed',
    at: 'token',
    client_id: 'web',
    user_id: 'ada',
    client_ips: ['192.0.2.1'],
    started: '2024-01-15T10:30:45.123Z',
    duration_ms: 2_310,
    steps: [
      step(0, 'authorize', { oauth: { scope: 'openid', code_challenge_method: 'S256' } }),
      step(1, 'callback', { outcome: 'success' }),
      step(2, 'token', {
        outcome: 'failure',
        request: { method: 'POST', path: '/token', status_code: 400 },
        oauth: { error: 'invalid_grant', claims: { exp: 1_705_314_645 } },
      }),
    ],
    truncated: false,
    diagnosis: {
      cause: 'pkce_verifier_mismatch',
      sentence: 'The code_verifier does not fit.',
      evidence: [{ name: 'error', value: 'invalid_grant' }],
      change: CHANGE,
      reference: {
        title: 'RFC 7636, section 4.6',
        url: 'https://www.rfc-editor.org/rfc/rfc7636#section-4.6',
      },
      step_id: 'log:2:oauth:x',
    },
    ...changes,
  };
}

async function runWith(args: readonly string[], flows: readonly OAuthFlowReply[], options: RunOptions = {}) {
  const reply: OAuthFlowsReply = { query: {}, flows: [...flows], count: flows.length, partial: false };
  await using gateway = await startFakeGateway([], (_, response) => replyJson(response, 200, reply));
  const result = await run(args, { ...options, env: { TAILRACE_URL: gateway.url, ...options.env } });
  return { ...result, request: gateway.requests[0]?.url };
}

describe('oauth-flow', () => {
  test('lists flows with their state, and what went wrong', async () => {
    const { stdout, request } = await runWith(
      ['oauth-flow', '--client-id', 'web', '--username=', '--hours', '2'],
      [fakeFlow(), fakeFlow({ state: 'complete', at: null, diagnosis: null })],
    );
    expect(stdout).toBe(
      '2024-01-15 10:30:45.123Z ✗ failed at token web    ada 2.31s\n' +
        '    The code_verifier does not fit. RFC 7636, section 4.6\n' +
        '2024-01-15 10:30:45.123Z ✓ complete        web    ada 2.31s\n',
    );
    expect(`${request?.pathname}${request?.search}`).toBe('/logs/oauth-flow?hours=2&client_id=web');
  });

  test('prints one JSON object a flow', async () => {
    const { stdout } = await runWith(['oauth-flow', '--json'], [fakeFlow(), fakeFlow()]);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).at),
    ).toEqual(['token', 'token']);
  });
});

describe('oauth-user and oauth-debug', () => {
  test('show a flow as a timeline, and under the step that failed what went wrong', async () => {
    const { stdout, request } = await runWith(['oauth-user', '..'], [fakeFlow()]);
    expect(request?.searchParams.get('username')).toBe('..');
    expect(stdout.split('\n')).toEqual([
      '✗ failed at token  2024-01-15 10:30:45.123Z',
      '  web · ada · 192.0.2.1 · 2.31s in all',
      '     +0ms  • authorize  openid PKCE S256 (oidc)',
      '   +600ms  ✓ callback   (oidc)',
      '   +1.20s  ✗ token      invalid_grant (oidc)',
      '    The code_verifier does not fit.',
      '      error  invalid_grant',
      '    Send the code_verifier the code_challenge was made from, without padding,',
      '    and from one place only.',
      '    RFC 7636, section 4.6: https://www.rfc-editor.org/rfc/rfc7636#section-4.6',
      '',
    ]);
  });

  test('show each step with request, token and error', async () => {
    const { stdout, request } = await runWith(['oauth-debug', '2001:db8::1'], [fakeFlow()]);
    expect(decodeURIComponent(request?.pathname ?? '')).toBe('/logs/oauth-debug/2001:db8::1');
    expect(stdout).toContain('                        request POST /token 400\n');
    expect(stdout).toContain('                        token exp=2024-01-15T10:30:45Z\n');
  });

  test('paint the failing step red on a terminal, within its columns', async () => {
    const { stdout } = await runWith(['oauth-debug', '192.0.2.1'], [fakeFlow()], {
      terminal: true,
      env: { FORCE_COLOR: '1' },
    });
    expect(stdout).toContain('\x1b[31m✗ token     \x1b[39m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of colours
    const lines = stdout.replace(/\x1b\[\d+m/g, '').split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('fold what repeats into one line', async () => {
    const [first] = fakeFlow().steps;
    const use = { ...first, step: 'validate', outcome: 'success' } as OAuthFlowReply['steps'][number];
    const { stdout } = await runWith(
      ['oauth-user', 'ada'],
      [fakeFlow({ steps: [use, use, use], diagnosis: null })],
    );
    expect(stdout).toContain('✓ validate   (oidc) ×3\n');
  });

  test('print nothing of what was logged that a terminal acts on', async () => {
    const evil = 'x\x1b[2J\r\n\u202e';
    const [first] = fakeFlow().steps;
    const step = { ...first, step: evil, component: evil, oauth: { error: evil, scope: evil } };
    const flow = fakeFlow({
      client_id: evil,
      user_id: evil,
      client_ips: [evil],
      at: evil,
      steps: [step as OAuthFlowReply['steps'][number]],
    });
    const diagnosis = { ...flow.diagnosis, sentence: evil, evidence: [{ name: evil, value: evil }] };
    for (const command of [['oauth-debug', '192.0.2.1'], ['oauth-flow']]) {
      const { stdout } = await runWith(command, [{ ...flow, diagnosis } as OAuthFlowReply]);
      expect(stdout).not.toContain('\x1b');
      expect(stdout).not.toMatch(/[\r\u202e]/);
    }
  });

  test.each(['.', '..', ''])('refuse %j as an address', async (value) => {
    const { exitCode, stderr, request } = await runWith(['oauth-debug', '--', value], []);
    expect([exitCode, request]).toEqual([2, undefined]);
    expect(stderr).toContain('<ip> must not be');
  });
});

describe('oauth', () => {
  test('counts activity, flows and causes', async () => {
    const at = '2024-01-15T10:30:45.123Z';
    const reply = {
      query: {},
      flows: { complete: 1, open: 0, failed: 2, abandoned: 0 },
      activity: [
        {
          client_id: 'web',
          user_id: null,
          step: 'token',
          outcome: 'failure',
          count: 12,
          first: at,
          last: at,
        },
      ],
      causes: [{ cause: 'code_reused', sentence: 'Twice.', count: 2 }],
      partial: false,
    };
    await using gateway = await startFakeGateway([], (_, response) => replyJson(response, 200, reply));
    const { stdout } = await run(['oauth', '192.0.2.1'], { env: { TAILRACE_URL: gateway.url } });
    expect(stdout).toBe(
      'flows  ✓ 1 complete  0 open  ✗ 2 failed  0 abandoned\n' +
        '12 ✗ token     web - 2024-01-15 10:30:45.123Z\n' +
        ' 2  Twice.\n',
    );
  });
});
