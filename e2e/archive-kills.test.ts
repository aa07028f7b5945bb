import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openArchive } from '@tailrace/archive';
import { DEFAULT_RETENTION_DAYS, type EntryInput, HOUR_MS, Keyspace } from '@tailrace/schema';
import { hasRedisServer, type RedisServer, startRedisServer } from '@tailrace/test-engines';
import { createEntryWriter } from '@tailrace/writer';
import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { createRandom } from './testing/random.js';
import { printedSeed, seriesLength } from './testing/series.js';

const PROCESS = new URL('processes/archiving.mjs', import.meta.url).pathname;
const KILLS = seriesLength(60);
const run = promisify(execFile);

describe.skipIf(!hasRedisServer)('an archive whose process is killed at random', () => {
  test(
    `loses and doubles nothing, ${KILLS} times`,
    async () => {
      await killSeries('archive kills', { kill: ({ pid }) => void process.kill(pid, 'SIGKILL') });
    },
    60_000 + KILLS * 10_000,
  );

  test(
    `goes on when DuckDB's process is killed, ${KILLS} times`,
    async () => {
      await killSeries('DuckDB kills', {
        kill: async ({ pid }) => {
          const { stdout } = await run('pgrep', ['-P', String(pid)]).catch(() => ({ stdout: '' }));
          for (const child of stdout.trim().split('\n').filter(Boolean))
            process.kill(Number(child), 'SIGKILL');
        },
      });
    },
    60_000 + KILLS * 10_000,
  );

  test(
    `goes on when Redis is killed and started anew with its data, ${KILLS} times`,
    async () => {
      const data = await mkdtemp(join(tmpdir(), 'tailrace-kills-redis-'));
      // What was replied is on disk.
      const settings = ['--appendonly', 'yes', '--appendfsync', 'always', '--dir', data];
      try {
        await killSeries('Redis kills', {
          settings,
          kill: async ({ server }) => {
            await server.stop();
            await sleep(50);
            return startRedisServer({ port: server.port, settings });
          },
        });
      } finally {
        await rm(data, { recursive: true, force: true });
      }
    },
    60_000 + KILLS * 10_000,
  );
});

interface Series {
  readonly settings?: readonly string[];
  /** @returns the server that takes the place of the one before, if it does */
  // biome-ignore lint/suspicious/noConfusingVoidType: most kills return nothing
  kill(running: { readonly pid: number; readonly server: RedisServer }): Promise<RedisServer | void> | void;
}

async function killSeries(title: string, { kill, settings = [] }: Series): Promise<void> {
  const random = createRandom(printedSeed(title));
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-kills-'));
  let server = await startRedisServer({ settings });
  const writer = createEntryWriter({ redis: server.url, onError: () => {} });
  const kept: string[] = [];
  /** Messages of entries of which nobody knows whether they were stored: their write was given up. */
  const unsure = new Set<string>();
  const isWriting = { now: true };
  const writing = (async () => {
    for (let at = 0; isWriting.now; ) {
      const entries = Array.from({ length: 100 }, () => inputOf(at++, random));
      const results = await writer.write(entries).catch(() => undefined);
      if (results === undefined) for (const { message = '' } of entries) unsure.add(message);
      results?.forEach((result, i) => {
        if (!('id' in result)) throw new Error(`refused: ${JSON.stringify(result)}`);
        if (entries[i]?.component !== 'erased') kept.push(result.id);
      });
      await sleep(50);
    }
  })();
  let child = await startArchiving(server.url, folder);
  try {
    for (let i = 0; i < KILLS; i++) {
      await sleep(100 + random() * 1_500);
      server = (await kill({ pid: child.pid as number, server })) ?? server;
      if (child.exitCode === null && child.signalCode === null)
        await Promise.race([once(child, 'exit'), sleep(500)]);
      if (child.exitCode !== null || child.signalCode !== null)
        child = await startArchiving(server.url, folder);
    }
  } finally {
    isWriting.now = false;
    await writing;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    await writer.close();
  }
  const redis = new Redis(server.url);
  const archive = await openArchive({
    folder,
    redis,
    keyspace: new Keyspace(),
    retentionDays: DEFAULT_RETENTION_DAYS,
    isMemoryOnly: false,
    hotHours: 1,
    report: () => {},
  });
  try {
    await archive.seal();
    await archive.keep();
    const found: string[] = [];
    const surplus = new Set<string>();
    const messages = new Set<string>();
    const filter = { 'component!': 'erased' };
    const window = { from: 0, to: Date.now() + HOUR_MS };
    let cursor: Parameters<typeof archive.reader.search>[0]['cursor'];
    do {
      const page = await archive.reader.search({ filter, window, limit: 1_000, cursor });
      expect(page.partial).toBe(false);
      for (const { id, message } of page.entries) {
        found.push(id);
        if (!unsure.has(message)) continue;
        expect(messages.has(message)).toBe(false);
        messages.add(message);
        surplus.add(id);
      }
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(found.length).toBe(new Set(found).size);
    expect(found.filter((id) => !surplus.has(id)).sort()).toEqual(kept.sort());
    expect((await archive.verify()).damaged).toEqual([]);
    // What is older than an hour has left Redis, the rest is there.
    const { hotFrom } = archive.sides();
    const all = new Set(kept);
    const inRedis = new Set((await redis.keys('log:*')).filter((id) => all.has(id)));
    expect([...inRedis].every((id) => Number(id.split(':')[1]) >= hotFrom)).toBe(true);
    expect(kept.filter((id) => Number(id.split(':')[1]) >= hotFrom).every((id) => inRedis.has(id))).toBe(
      true,
    );
  } finally {
    await archive.close();
    redis.disconnect();
    await server.stop();
    await rm(folder, { recursive: true });
  }
}

/** Most are of now, some of the hours before; one in ten is to be erased. */
function inputOf(at: number, random: () => number): EntryInput {
  const ageMs = random() < 0.7 ? 0 : Math.floor(random() * 5 * HOUR_MS);
  return {
    timestamp: Date.now() - ageMs,
    component: at % 10 === 3 ? 'erased' : 'kept',
    message: `entry ${at}`,
    level: at % 7 === 0 ? 'ERROR' : 'INFO',
    client_ip: `192.0.2.${at % 200}`,
    data: { at },
  };
}

async function startArchiving(url: string, folder: string) {
  const child = spawn(process.execPath, [PROCESS, url, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  return child;
}
