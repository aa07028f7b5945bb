import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Gateway, readConfig, startGateway } from '@tailrace/gateway';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProcess } from './testing/finished-process.js';
import { CLI_MAIN } from './testing/repository.js';
import { environmentWith } from './testing/settings.js';

const COUNT = 25;

describe.each(TEST_ENGINES)('a signed export of the audit trail on $name', ({ start }) => {
  const engine = useEngine(start);
  let folder: string;
  let gateway: Gateway;
  let ids: string[];
  let file: string;
  let publicKey: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tailrace-audit-proof-'));
    const settings = { PORT: '0', REDIS_URL: engine.url, KEY_PREFIX: engine.newKeyPrefix(), DATA_DIR: '' };
    gateway = await startGateway(readConfig(settings), () => {});
    ids = await post(Array.from({ length: COUNT }, (_, i) => `vm.step${i}`));
    const key = join(folder, 'key');
    const made = await tailrace('audit', 'keygen', key, '--name', 'audit.example');
    publicKey = made.stdout.trim();
    expect((await stat(key)).mode & 0o777).toBe(0o600);
    expect(await tailrace('audit', 'keygen', key)).toMatchObject({ code: 1 });
    const exported = await tailrace('audit', 'export', '--hours', '1', '--key', key);
    expect(exported).toMatchObject({ code: 0 });
    file = join(folder, 'export.ndjson');
    await writeFile(file, exported.stdout);
  });
  afterAll(async () => {
    await gateway?.close();
    await rm(folder, { recursive: true });
  });

  const tailrace = (...args: string[]) =>
    runProcess(process.execPath, [CLI_MAIN, ...args], {
      env: environmentWith({ TAILRACE_URL: gateway.url }),
    });
  const post = async (actions: readonly string[]): Promise<string[]> => {
    const reply = await fetch(`${gateway.url}/api/audit`, {
      method: 'POST',
      body: JSON.stringify(
        actions.map((action) => ({ action, actor: { id: 'alice' }, new_values: { a: [1.5, 'é'] } })),
      ),
      headers: { 'content-type': 'application/json' },
    });
    return ((await reply.json()) as { ids: string[] }).ids;
  };

  test('is proven offline, by the public key alone', async () => {
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(lines.slice(1).map((line) => JSON.parse(line).entry.id)).toEqual(ids);
    // Nobody answers there: no gateway is asked.
    const env = environmentWith({ TAILRACE_URL: 'http://127.0.0.1:1' });
    const args = [CLI_MAIN, 'audit', 'verify', '--file', file, '--public-key', publicKey];
    expect(await runProcess(process.execPath, args, { env })).toMatchObject({
      code: 0,
      stdout: `${COUNT} entries are as they were signed\n`,
    });
  });

  test('names what was done to it', async () => {
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    const forged = join(folder, 'forged.ndjson');
    const edited = (lines[4] as string).replace('"alice"', '"mallory"');
    await writeFile(forged, `${lines.with(4, edited).toSpliced(9, 1).join('\n')}\n`);
    const verified = await tailrace(
      'audit',
      'verify',
      '--file',
      forged,
      '--public-key',
      join(folder, 'key.pub'),
    );
    expect(verified).toMatchObject({
      code: 1,
      stdout: 'entry 3 was changed (line 5)\nentry 8 was removed\n',
    });
    const other = `x+00000000+AAAA`;
    expect(await tailrace('audit', 'verify', '--file', file, '--public-key', other)).toMatchObject({
      code: 1,
    });
  });

  test('finds what was changed and removed in Redis since then, and counts what came later', async () => {
    const compare = () => tailrace('audit', 'verify', '--file', file, '--public-key', publicKey, '--stored');
    expect((await compare()).stdout).toBe(
      `${COUNT} entries are as they were signed, and stored as they were; 0 came later\n`,
    );
    const [changed = '', removed = ''] = [ids[7], ids[11]];
    await engine.redis.hset(changed, 'user_id', 'mallory');
    await engine.redis.del(removed);
    expect(await compare()).toMatchObject({
      code: 1,
      stdout: `${changed}: stored otherwise than it was signed\n${removed}: not stored any more\n`,
    });
  });
});
