import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasRedisServer, startRedisServer } from '@tailrace/test-engines';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runProcess } from './testing/finished-process.js';
import { GATEWAY_MAIN, testProcessPath } from './testing/repository.js';
import { connectTo, readStream } from './testing/stored-keys.js';

const SECRET = 'geheim';
/** A user without an entry in /etc/passwd, as in a container. */
const NAMELESS_UID = 54_321;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tailrace-e2e-'));
  await chmod(folder, 0o777);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Lets a process log one entry. @returns what became of it, and what was said on stderr */
async function logOnce(message: string, redisUrl: string, uid?: number) {
  const args = [testProcessPath('log-by-environment.mjs'), message];
  const env = { PATH: process.env.PATH, TMPDIR: folder, REDIS_URL: redisUrl };
  const { code, stdout, stderr } = await runProcess(process.execPath, args, { env, uid });
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return { stats: JSON.parse(stdout), stderr };
}

const suite = hasRedisServer ? describe : describe.skip;
suite(`with a Redis that cannot be used${hasRedisServer ? '' : ' (skipped: no redis-server on PATH)'}`, () => {
  let server: Awaited<ReturnType<typeof startRedisServer>>;
  let place: string;
  beforeAll(async () => {
    server = await startRedisServer();
    place = `127.0.0.1:${server.port}`;
    const redis = connectTo(server.url);
    await redis.call('ACL', 'SETUSER', 'default', 'resetpass', `>${SECRET}#/?%@`);
    redis.disconnect();
  });
  afterAll(() => server.stop());
  const rightUrl = () => `redis://:${encodeURIComponent(`${SECRET}#/?%@`)}@${place}`;

  async function messages(db = 0): Promise<string[]> {
    const redis = connectTo(`${rightUrl()}/${db}`);
    try {
      return (await readStream(redis, 'stream:requests')).map(({ message }) => message);
    } finally {
      redis.disconnect();
    }
  }

  test.each(['#', '/', '?', '%', '@'])(
    'a raw %s in the password of REDIS_URL is said without it, and what was logged is delivered when it is right',
    async (letter) => {
      const message = `with ${letter}`;
      const { stats, stderr } = await logOnce(message, `redis://:${SECRET}${letter}x@${place}`);
      expect(stats).toMatchObject({ accepted: 1, spooled: 1, dropped: {} });
      expect(stderr).toContain(`REDIS_URL, redis://${place}, has a ${letter} in its user or password`);
      expect(stderr.split('\n').filter((line) => line.includes('REDIS_URL'))).toHaveLength(1);
      expect(stderr).not.toContain(SECRET);
      await logOnce('later', rightUrl());
      expect(await messages()).toContain(message);
    },
  );

  test.each(['99999', 'x', '0'])('the port %s is said, and entries wait', async (port) => {
    const { stats, stderr } = await logOnce('waits', `redis://:${SECRET}@127.0.0.1:${port}`);
    expect(stats).toMatchObject({ accepted: 1, spooled: 1, dropped: {} });
    expect(stderr).toContain(`has the port "${port}"; allowed: a whole number from 1 to 65535`);
    expect(stderr).not.toContain(SECRET);
  });

  test('a database there is none of takes nothing, and no other database does instead', async () => {
    const { stats, stderr } = await logOnce('for database 99', `${rightUrl()}/99`);
    expect(stats).toMatchObject({ accepted: 1, written: 0, spooled: 1 });
    expect(stderr).toContain('ERR DB index is out of range');
    const named = await logOnce('for database abc', `${rightUrl()}/abc`);
    expect(named.stats).toMatchObject({ accepted: 1, written: 0, spooled: 1 });
    expect(named.stderr).toContain('names the database "abc"; allowed: a whole number from 0');
    expect(await messages()).not.toContainEqual(expect.stringContaining('for database'));
  });

  test('what waits for one database is not written into another', async () => {
    await logOnce('for 1', `redis://:wrong@${place}?db=1`);
    await logOnce('in 0', rightUrl());
    expect(await messages(0)).not.toContain('for 1');
    await logOnce('in 1', `${rightUrl()}/1`);
    expect((await messages(1)).sort()).toEqual(['for 1', 'in 1']);
  });

  test.skipIf(process.getuid?.() !== 0)('a user without a name logs as others do', async () => {
    const { stats } = await logOnce('nameless', rightUrl(), NAMELESS_UID);
    expect(stats).toMatchObject({ accepted: 1, written: 1 });
  });
});

test('a wrong REDIS_URL is an error of the gateway that starts, without the password', async () => {
  const env = { PATH: process.env.PATH, REDIS_URL: `redis://:${SECRET}#@127.0.0.1:6379` };
  const { code, stderr } = await runProcess(process.execPath, [GATEWAY_MAIN], { env });
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr:
      'tailrace gateway: REDIS_URL, redis://127.0.0.1:6379, has a # in its user or password; allowed: %23 in its place\n',
  });
});
