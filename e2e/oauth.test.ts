import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OAuthFlowReply, oauthFlowsReplySchema } from '@tailrace/api';
import { close, configureLogger, flush, log_info } from '@tailrace/logger';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OAuthWorld, startOAuthWorld } from '../apps/demo/dist/oauth/oauth-world.js';
import { playScenarios } from '../apps/demo/dist/oauth/play-scenarios.js';
import { SCENARIOS } from '../apps/demo/dist/oauth/scenarios.js';
import { runProcess } from './testing/finished-process.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { CLI_MAIN } from './testing/repository.js';
import { environmentWith } from './testing/settings.js';
import { connectTo, scanKeys } from './testing/stored-keys.js';

const CONCURRENCY = 8;
/** Everybody behind one address, as in an office. */
const SHARED_IP = '203.0.113.7';
const FLOWS_BEHIND_IT = 200;
const failing = SCENARIOS.filter(({ cause }) => cause !== undefined);
const healthy = SCENARIOS.filter(({ cause }) => cause === undefined);

describe('a real provider, client and resource server', () => {
  let gateway: GatewayProcess;
  let world: OAuthWorld;
  let redisUrl: string;
  const clientIpOf = (place: number) => `198.51.100.${place + 1}`;

  beforeAll(async () => {
    gateway = await startGatewayProcess();
    redisUrl = /REDIS_URL=(\S+)/.exec(gateway.banner)?.[1] as string;
    configureLogger({ redis: redisUrl });
    world = await startOAuthWorld();
    await playScenarios(world, SCENARIOS, CONCURRENCY, clientIpOf);
    await flush();
  });
  afterAll(async () => {
    await world?.close();
    await close();
    await gateway?.stop();
  });

  const flowsAt = async (path: string): Promise<OAuthFlowReply[]> => {
    const response = await fetch(`${gateway.url}${path}${path.includes('?') ? '&' : '?'}abandoned_after_s=0`);
    const { flows, partial } = oauthFlowsReplySchema.parse(await response.json());
    expect(partial).toBe(false);
    return flows;
  };

  test.each(SCENARIOS.map((scenario, place) => ({ ...scenario, place })))(
    'who $name: $cause',
    async ({ place, cause, flows: count = 1 }) => {
      const flows = await flowsAt(`/logs/oauth-debug/${clientIpOf(place)}`);
      expect(flows.map(({ diagnosis }) => diagnosis?.cause)).toEqual(Array(count).fill(cause));
      const states = cause === undefined || cause === 'login_loop' ? ['complete'] : ['failed', 'abandoned'];
      for (const flow of flows) {
        expect(states).toContain(flow.state);
        if (cause === undefined) continue;
        expect(flow.diagnosis?.evidence).not.toEqual([]);
        expect(flow.diagnosis?.reference.title).toMatch(/^RFC \d+, section [\d.]+$/);
      }
    },
  );

  test('a login that moves to another address is one flow with both', async () => {
    const place = SCENARIOS.findIndex(({ name }) => name.startsWith('moves'));
    const [flow] = await flowsAt(`/logs/oauth-debug/${clientIpOf(place)}`);
    expect(flow?.client_ips).toEqual(expect.arrayContaining([clientIpOf(place), '198.51.100.250']));
    expect(flow?.steps.map(({ step }) => step)).toEqual([
      'authorize',
      'login',
      'consent',
      'authorize',
      'callback',
      'token',
    ]);
  });

  test('200 logins at once behind one address, good and bad, are told apart', async () => {
    const started = new Date().toISOString();
    const mixed = Array.from({ length: FLOWS_BEHIND_IT }, (_, i) => {
      const isBad = i % 7 === 6 && i / 7 < failing.length;
      return (isBad ? failing[Math.floor(i / 7)] : healthy[i % healthy.length]) as (typeof SCENARIOS)[number];
    });
    await playScenarios(world, mixed, 20, () => SHARED_IP);
    await flush();
    const flows = await flowsAt(`/logs/oauth-flow?limit=1000&from=${started}`);
    const wanted = mixed.flatMap(({ cause, flows: count = 1 }) => Array(count).fill(cause ?? 'nothing'));
    const found = flows.map(({ diagnosis }) => diagnosis?.cause ?? 'nothing');
    expect(found.toSorted()).toEqual(wanted.toSorted());
    expect(wanted.filter((cause) => cause === 'nothing').length).toBeGreaterThan(150);
  }, 120_000);

  test('nothing secret of it is stored, replied or printed', async () => {
    const { secrets } = world.keeper;
    expect(secrets.size).toBeGreaterThan(500);
    const stored = await everythingIn(redisUrl);
    const replies = await Promise.all(
      ['/logs/oauth-flow?limit=1000', '/logs?limit=1000', `/logs/oauth/${SHARED_IP}`].map(async (path) =>
        (await fetch(gateway.url + path)).text(),
      ),
    );
    const env = environmentWith({ TAILRACE_URL: gateway.url });
    const printed: string[] = [];
    for (const command of [
      ['oauth-flow', '--steps'],
      ['oauth', SHARED_IP],
      ['oauth-debug', SHARED_IP],
      ['logs'],
    ]) {
      const { code, stdout, stderr } = await runProcess(process.execPath, [CLI_MAIN, ...command], { env });
      expect(code).toBe(0);
      printed.push(stdout, stderr);
    }
    for (const text of [stored, replies.join('\n'), printed.join('\n')]) {
      expect(text).toContain('web');
      expect([...secrets].filter((secret) => text.includes(secret))).toEqual([]);
    }
    // One that is logged where nothing tells that it is secret would have been found.
    const [secret = ''] = secrets;
    log_info('a control', { note: secret });
    await flush();
    expect(await everythingIn(redisUrl)).toContain(secret);
  }, 60_000);

  test('nothing secret is in the files that wait for Redis', async () => {
    const spoolDir = await mkdtemp(join(tmpdir(), 'tailrace-oauth-'));
    try {
      configureLogger({ redis: 'redis://127.0.0.1:1', spoolDir, onError: () => {} });
      await playScenarios(world, healthy, CONCURRENCY, () => SHARED_IP);
      await close(100);
      const files = await readdir(spoolDir, { recursive: true, withFileTypes: true });
      const texts = await Promise.all(
        files
          .filter((file) => file.isFile())
          .map((file) => readFile(join(file.parentPath, file.name), 'latin1')),
      );
      const text = texts.join('\n');
      expect(text).toContain('oauth.token');
      expect([...world.keeper.secrets].filter((secret) => text.includes(secret))).toEqual([]);
    } finally {
      await rm(spoolDir, { recursive: true });
    }
  });
});

/** Every key and all it holds. */
async function everythingIn(url: string): Promise<string> {
  const redis = connectTo(url);
  try {
    const texts: string[] = [];
    for (const { key, type } of await scanKeys(redis)) {
      texts.push(key);
      if (type === 'hash') texts.push(JSON.stringify(await redis.hgetall(key)));
      else if (type === 'zset') texts.push((await redis.zrange(key, '0', '-1')).join('\n'));
      else if (type === 'stream') texts.push(JSON.stringify(await redis.xrange(key, '-', '+')));
    }
    return texts.join('\n');
  } finally {
    redis.disconnect();
  }
}
