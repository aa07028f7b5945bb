import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProofReply } from '@tailrace/api';
import {
  hasRedisCluster,
  hasRedisServer,
  type RunningEngine,
  startRedisCluster,
  startRedisServer,
} from '@tailrace/test-engines';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, test } from 'vitest';
import { runProcess } from './testing/finished-process.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { CLI_MAIN, testProcessPath } from './testing/repository.js';
import { seriesLength } from './testing/series.js';
import { environmentWith } from './testing/settings.js';

const WRITERS = 8;
const EACH = seriesLength(10_000);
const KILLS = seriesLength(30);
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-audit-tree-'));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function startGateway(settings: Readonly<Record<string, string>>): Promise<GatewayProcess> {
  const gateway = await startGatewayProcess(settings);
  closers.push(() => gateway.stop());
  return gateway;
}

async function proofOf({ url }: { readonly url: string }): Promise<ProofReply> {
  return (await (await fetch(`${url}/api/audit/proof`)).json()) as ProofReply;
}

/** What 8 processes log at once. @returns how many audit entries there are */
async function writeAtOnce(redis: string, each: number): Promise<number> {
  const ended = await Promise.all(
    Array.from({ length: WRITERS }, (_, i) =>
      runProcess(process.execPath, [testProcessPath('log-audits.mjs'), `w${i}`, String(each)], {
        env: environmentWith({ REDIS_URL: redis }),
        deadlineMs: 240_000,
      }),
    ),
  );
  for (const { code, stdout } of ended) expect([code, JSON.parse(stdout).dropped]).toEqual([0, {}]);
  return WRITERS * each;
}

async function openRedis(): Promise<RunningEngine> {
  const engine = await startRedisServer();
  closers.push(() => engine.stop());
  return engine;
}

describe.skipIf(!hasRedisServer)('the tree of the audit trail', () => {
  test(`${WRITERS} processes write ${EACH} audit entries each: no fork, no gap`, async () => {
    const engine = await openRedis();
    const [one, two] = [await newFolder(), await newFolder()];
    const gateway = await startGateway({ REDIS_URL: engine.url, AUDIT_DIR: one });
    const other = await startGateway({ REDIS_URL: engine.url, AUDIT_DIR: two });
    const keys = await Promise.all([one, two].map((path) => readFile(join(path, 'public-keys'), 'utf8')));
    for (const path of [one, two]) await writeFile(join(path, 'public-keys'), keys.join(''));
    const count = await writeAtOnce(engine.url, EACH);
    await expect.poll(async () => (await proofOf(gateway)).unsigned, { timeout: 60_000 }).toBe(0);
    expect(await proofOf(gateway)).toMatchObject({ size: count, proven: count, findings: [], restarts: 0 });
    expect(await proofOf(other)).toMatchObject({ size: count, proven: count, findings: [], restarts: 0 });
    // One of them took the lease first, and kept it.
    const files = await Promise.all(
      [one, two].map((path) => readFile(join(path, 'leaves'), 'utf8').catch(() => '')),
    );
    const lines = files.join('').trimEnd().split('\n');
    expect(lines).toHaveLength(count);
    expect(lines.map((line) => Number(line.split(' ')[1]))).toEqual(lines.map((_, i) => i + 1));
    expect(new Set(lines.map((line) => line.split(' ')[3])).size).toBe(count);
  }, 400_000);

  test(`${KILLS} kill -9 of the gateway that signs: one tree`, async () => {
    const engine = await openRedis();
    const folder = await newFolder();
    const settings = { REDIS_URL: engine.url, AUDIT_DIR: folder };
    const redis = new Redis(engine.url);
    closers.push(() => redis.disconnect());
    let isOver = false;
    const writing = (async () => {
      let count = 0;
      while (!isOver) {
        const ended = await runProcess(process.execPath, [testProcessPath('log-audits.mjs'), 'w', '2000'], {
          env: environmentWith({ REDIS_URL: engine.url }),
        });
        expect(ended.code).toBe(0);
        count += 2_000;
      }
      return count;
    })();
    for (let i = 0; i < KILLS; i++) {
      const gateway = await startGatewayProcess(settings);
      const before = await redis.xlen('audit:tree');
      await redis.del('audit:lease');
      await expect.poll(() => redis.xlen('audit:tree'), { timeout: 30_000 }).toBeGreaterThan(before);
      await sleep((i % 10) * 37);
      process.kill(gateway.pid, 'SIGKILL');
      await gateway.stop();
    }
    isOver = true;
    const count = await writing;
    await redis.del('audit:lease');
    const gateway = await startGateway(settings);
    await expect.poll(async () => (await proofOf(gateway)).size, { timeout: 60_000 }).toBe(count);
    expect(await proofOf(gateway)).toMatchObject({ proven: count, findings: [], restarts: 0, unsigned: 0 });
    const lines = (await readFile(join(folder, 'leaves'), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => Number(line.split(' ')[1]))).toEqual(
      Array.from({ length: count }, (_, i) => i + 1),
    );
  }, 400_000);

  test('the command line checks the trail, and names what was changed', async () => {
    const engine = await openRedis();
    const folder = await newFolder();
    const gateway = await startGateway({ REDIS_URL: engine.url, AUDIT_DIR: folder });
    const redis = new Redis(engine.url);
    closers.push(() => redis.disconnect());
    const posted = await fetch(`${gateway.url}/api/audit`, {
      method: 'POST',
      body: JSON.stringify(['a', 'b', 'c'].map((action) => ({ action, actor: { id: 'alice' } }))),
      headers: { 'content-type': 'application/json' },
    });
    const { ids } = (await posted.json()) as { ids: string[] };
    const tailrace = (...args: string[]) =>
      runProcess(process.execPath, [CLI_MAIN, ...args], {
        env: environmentWith({ TAILRACE_URL: gateway.url }),
      });
    await expect.poll(async () => (await proofOf(gateway)).size).toBe(3);
    const keys = (await readFile(join(folder, 'public-keys'), 'utf8')).trim();
    const fine = await tailrace('audit', 'verify', '--public-key', keys);
    expect(fine).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('3 entries are as they were signed, of 3'),
    });
    await redis.hset(ids[1] as string, 'user_id', 'mallory');
    const changed = await tailrace('audit', 'verify');
    expect(changed).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`entry 1 was changed: ${ids[1]}`),
    });
    await redis.hset(ids[1] as string, 'user_id', 'alice');
    for await (const _ of (await fetch(`${gateway.url}/logs?level=AUDIT&user=alice`, { method: 'DELETE' }))
      .body ?? []);
    await expect.poll(async () => (await proofOf(gateway)).unsigned).toBe(0);
    expect(await proofOf(gateway)).toMatchObject({ size: 4, cleared: 3, findings: [], proven: 1 });
  }, 60_000);

  test('a key that is taken away is replaced, and what it signed stays known', async () => {
    const engine = await openRedis();
    const folder = await newFolder();
    const settings = { REDIS_URL: engine.url, AUDIT_DIR: folder };
    const sign = async () => {
      const gateway = await startGatewayProcess(settings);
      const body = JSON.stringify({ action: 'a' });
      await fetch(`${gateway.url}/api/audit`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
      await expect.poll(async () => (await proofOf(gateway)).unsigned).toBe(0);
      const proof = await proofOf(gateway);
      await gateway.stop();
      return proof;
    };
    expect(await sign()).toMatchObject({ size: 1, findings: [] });
    await rm(join(folder, 'signing.key'));
    expect(await sign()).toMatchObject({ size: 2, findings: [] });
    expect((await readFile(join(folder, 'public-keys'), 'utf8')).trim().split('\n')).toHaveLength(2);
  }, 60_000);
});

test('with the embedded engine the proof outlives the gateway, also one that was killed', async () => {
  const folder = await newFolder();
  const post = async ({ url }: GatewayProcess, action: string) =>
    fetch(`${url}/api/audit`, {
      method: 'POST',
      body: JSON.stringify({ action, actor: { id: 'alice' } }),
      headers: { 'content-type': 'application/json' },
    });
  let gateway = await startGatewayProcess({ DATA_DIR: folder });
  await post(gateway, 'one');
  await expect.poll(async () => (await proofOf(gateway)).size).toBe(1);
  await post(gateway, 'two');
  await sleep(2_000);
  await post(gateway, 'three');
  // The journal has it, the tree may not.
  await sleep(1_000);
  process.kill(gateway.pid, 'SIGKILL');
  await gateway.stop();
  gateway = await startGateway({ DATA_DIR: folder });
  await expect.poll(async () => (await proofOf(gateway)).size).toBe(3);
  expect(await proofOf(gateway)).toMatchObject({
    proven: 3,
    findings: [],
    before: 0,
    unsigned: 0,
    restarts: 0,
  });
}, 90_000);

describe.skipIf(!hasRedisCluster)('the tree of a Cluster', () => {
  test('entries of all shards are in one tree', async () => {
    const cluster = await startRedisCluster();
    closers.push(() => cluster.stop());
    const folder = await newFolder();
    const gateway = await startGateway({ REDIS_URL: cluster.url, AUDIT_DIR: folder });
    const count = await writeAtOnce(cluster.url, Math.ceil(EACH / 10));
    await expect.poll(async () => (await proofOf(gateway)).size, { timeout: 60_000 }).toBe(count);
    expect(await proofOf(gateway)).toMatchObject({ proven: count, findings: [], unsigned: 0 });
    const shards = (await readFile(join(folder, 'leaves'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    expect(new Set(shards).size).toBeGreaterThan(8);
  }, 200_000);
});
