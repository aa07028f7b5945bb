import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@tailrace/client';
import { configureLogger, log } from '@tailrace/logger';
import { afterEach, expect, test } from 'vitest';
import { runProcess } from './testing/finished-process.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { CLI_MAIN, GATEWAY_MAIN } from './testing/repository.js';
import { environmentWith } from './testing/settings.js';

const running: GatewayProcess[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const gateway of running.splice(0)) await gateway.stop();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function start(folder: string): Promise<GatewayProcess> {
  const gateway = await startGatewayProcess({ DATA_DIR: folder });
  running.push(gateway);
  return gateway;
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-kept-'));
  folders.push(folder);
  return join(folder, 'data');
}

const STEPS = ['oauth.authorize', 'oauth.login', 'oauth.consent', 'oauth.callback'];

async function everything(gateway: GatewayProcess) {
  const client = createClient({ url: gateway.url });
  const { logs } = await client.search({ limit: 1_000 });
  const { requests, entries, response_times } = await client.stats();
  const { flows } = await client.oauthFlows();
  return {
    logs,
    statuses: requests.by_status,
    levels: entries.by_level,
    p50: response_times.p50_ms,
    steps: flows.map(({ steps }) => steps.map(({ step, message }) => `${step} ${message}`)),
  };
}

async function fill(gateway: GatewayProcess): Promise<void> {
  const client = createClient({ url: gateway.url });
  const timestamp = Date.now();
  await client.ingest(
    Array.from({ length: 400 }, (_, i) => ({
      timestamp: timestamp - (i % 5),
      method: 'GET',
      path: `/p/${i}`,
      status_code: i % 10 === 0 ? 500 : 200,
      response_time_ms: i % 100,
      client_ip: `192.0.2.${i % 50}`,
    })),
  );
  await client.ingest(
    STEPS.map((event, i) => ({
      timestamp: timestamp - 100 + i,
      event,
      message: event,
      client_ip: '192.0.2.1',
      client_id: 'app',
      data: { flow_id: 'f1', state: 's-1234567890' },
    })),
  );
}

test.each(['SIGINT', 'SIGKILL'] as const)(
  'after %s entries, order, figures and flows are there again',
  async (signal) => {
    const folder = await newFolder();
    const first = await start(folder);
    expect(first.banner).toContain(`data in     ${folder}, and Valkey`);
    await fill(first);
    const before = await everything(first);
    expect(before.logs).toHaveLength(404);
    // The journal is on disk a second later at most.
    await sleep(1_200);
    process.kill(first.pid, signal);
    await running.pop()?.stop();
    const second = await start(folder);
    expect(await everything(second)).toEqual(before);
    await fill(second);
    expect((await everything(second)).logs).toHaveLength(808);
    expect(JSON.parse((await cli(second, ['archive', 'verify', '--json'])).stdout)).toEqual({
      files: expect.any(Number),
      entries: 404,
      damaged: [],
    });
    const client = createClient({ url: second.url });
    const receipts = [];
    for await (const progress of client.clear({ ip: '192.0.2.7' })) receipts.push(progress);
    // Half of them are sealed, half not yet.
    expect(receipts.at(-1)).toEqual({ removed: 16, done: true, files: { sealed: 8, unsealed: 8, left: 0 } });
    expect((await cli(second, ['clear', '--yes'])).code).toBe(0);
    // Audit entries were among them, and that they were cleared is one itself.
    expect((await everything(second)).logs).toMatchObject([{ event: 'logs.cleared', level: 'AUDIT' }]);
    expect(
      (await readdir(join(folder, 'archive'), { recursive: true })).filter((name) =>
        name.endsWith('.parquet'),
      ),
    ).toEqual([]);
    for (const name of await readdir(folder, { recursive: true })) {
      const { mode } = await stat(join(folder, name));
      if (!name.endsWith('.sock')) expect(mode & 0o077).toBe(0);
    }
  },
  60_000,
);

test('a logger goes on over restarts of the gateway, and every entry is there once', async () => {
  const folder = await newFolder();
  const spool = join(folder, '..', 'spool');
  const port = '24683';
  const startAt = async () => {
    const gateway = await startGatewayProcess({ DATA_DIR: folder, ENGINE_PORT: port });
    running.push(gateway);
    return gateway;
  };
  let gateway = await startAt();
  configureLogger({ redis: `redis://127.0.0.1:${port}`, spoolDir: spool, onError: () => {}, console: false });
  let count = 0;
  for (const signal of ['SIGINT', 'SIGKILL', 'SIGINT'] as const) {
    for (let i = 0; i < 20; i++) {
      for (let j = 0; j < 50; j++) log.info(`entry ${count++}`);
      await sleep(10);
    }
    // What is a second old survives even SIGKILL.
    await sleep(1_500);
    process.kill(gateway.pid, signal);
    await running.pop()?.stop();
    for (let j = 0; j < 50; j++) log.info(`entry ${count++}`);
    gateway = await startAt();
  }
  await log.close();
  const client = createClient({ url: gateway.url });
  const seen: string[] = [];
  for await (const { message } of client.searchAll({ component: 'app' })) seen.push(message);
  expect(seen.length).toBe(count);
  expect(new Set(seen).size).toBe(count);
}, 90_000);

test('two gateways do not share a folder', async () => {
  const folder = await newFolder();
  await start(folder);
  const second = await runProcess(process.execPath, [GATEWAY_MAIN], {
    env: environmentWith({ PORT: '0', ENGINE_PORT: '0', DATA_DIR: folder }),
  });
  expect(second.code).not.toBe(0);
  expect(second.stderr).toContain(`DATA_DIR: ${folder} is in use by another gateway`);
});

function cli(gateway: GatewayProcess, args: readonly string[]) {
  return runProcess(process.execPath, [CLI_MAIN, ...args], {
    env: environmentWith({ TAILRACE_URL: gateway.url }),
  });
}
