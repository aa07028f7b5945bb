import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FinishedProcess, runProcess } from './testing/finished-process.js';
import { startLocalRegistry } from './testing/local-registry.js';
import { pnpmCommand, repositoryPath } from './testing/repository.js';
import { environmentWith } from './testing/settings.js';

const PACKED = [
  '',
  '-api',
  '-audit',
  '-client',
  '-embedded',
  '-gateway',
  '-intake',
  '-logger',
  '-query',
  '-redis',
  '-schema',
  '-writer',
];
const DEADLINE_MS = 120_000;

describe('the packed packages, installed by npm in a folder of their own', () => {
  let root: string;
  let folder: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'tailrace-packed-'));
    folder = join(root, 'service');
    const packages = join(root, 'packages');
    await mkdir(folder);
    const [pnpm, ...args] = pnpmCommand();
    const packing = [...args, 'exec', 'node', 'scripts/pack.mjs', packages];
    await finish(pnpm, packing, repositoryPath(''));
    const tarballs = await readdir(packages);
    for (const name of PACKED) expect(tarballs).toContain(`tailrace${name}-0.1.0.tgz`);

    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'service', private: true }));
    const registry = await startLocalRegistry();
    const flags = ['--no-audit', '--no-fund', `--registry=${registry.url}`, `--cache=${join(root, 'cache')}`];
    const files = tarballs.map((name) => join(packages, name));
    await finish('npm', ['install', ...flags, '@types/node@20', ...files], folder);
    await registry.close();
  }, 2 * DEADLINE_MS);
  afterAll(() => rm(root, { recursive: true, force: true }));

  async function finish(command: string, args: readonly string[], cwd: string): Promise<void> {
    const finished = await runProcess(command, args, {
      cwd,
      env: environmentWith({}),
      deadlineMs: DEADLINE_MS,
    });
    expect(finished.code, finished.stdout + finished.stderr).toBe(0);
  }

  const runIn = (command: string, args: readonly string[], settings = {}): Promise<FinishedProcess> =>
    runProcess(command, args, { cwd: folder, env: environmentWith(settings) });
  const tailrace = (args: readonly string[], settings = {}) =>
    runIn('npx', ['--no', '--', 'tailrace', ...args], settings);

  test('every command is there', async () => {
    const { stdout } = await tailrace(['--help']);
    const commands = [...stdout.matchAll(/^ {2}([a-z][a-z-]+)(?: |$)/gm)].map(([, name]) => name);
    expect(commands.length).toBeGreaterThan(25);
    expect(commands).toEqual(
      expect.arrayContaining(['serve', 'doctor', 'logs', 'follow', 'import', 'token']),
    );
  });

  test('hints name commands that work there', async () => {
    const { code, stderr } = await tailrace(['logs', '--url', 'http://127.0.0.1:1']);
    expect(code).toBe(1);
    expect(stderr).toContain('start one with: npx tailrace serve');
  });

  describe('with npx tailrace serve', () => {
    let gateway: { url: string; redisUrl: string; process: ChildProcess; exited: Promise<unknown> };

    beforeAll(async () => {
      gateway = await serve();
    });
    afterAll(() => gateway?.process.kill('SIGKILL'));

    async function serve() {
      const child = spawn('npx', ['--no', '--', 'tailrace', 'serve', '--port', '0'], {
        cwd: folder,
        env: environmentWith({ ENGINE_PORT: '0' }),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = once(child, 'exit');
      let banner = '';
      return new Promise<typeof gateway>((resolve, reject) => {
        child.stdout.on('data', (chunk: Buffer) => {
          banner += chunk;
          const [, url, redisUrl] = /listens on +(\S+)\n.+REDIS_URL=(\S+)\n.+Try/s.exec(banner) ?? [];
          if (url && redisUrl) resolve({ url, redisUrl, process: child, exited });
        });
        void exited.then(() => reject(new Error(`it ended: ${banner}`)));
      });
    }

    const asked = (...args: string[]) => tailrace(args, { TAILRACE_URL: gateway.url });

    test('an entry is written and read back', async () => {
      const { code, stdout } = await asked('test');
      expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^ok: log:\d+:/) });
    });

    test.each([
      { kind: 'TypeScript', file: 'service.mts', built: 'service.mjs', module: 'nodenext' },
      { kind: 'TypeScript for CommonJS', file: 'common.cts', built: 'common.cjs', module: 'nodenext' },
    ])('a $kind service compiles and logs through it', async ({ file, built, module }) => {
      const component = file.replace('.', '-');
      await writeFile(join(folder, file), serviceText(component, 'import'));
      const tsc = repositoryPath('node_modules/.bin/tsc');
      const flags = ['--strict', '--target', 'es2023', '--module', module, '--types', 'node'];
      const compiled = await runIn(tsc, [...flags, file]);
      expect(compiled.stdout + compiled.stderr).toBe('');
      await expectLogged(built, component);
    });

    test('a CommonJS service logs through it', async () => {
      await writeFile(join(folder, 'plain.cjs'), serviceText('plain-cjs', 'require'));
      await expectLogged('plain.cjs', 'plain-cjs');
    });

    async function expectLogged(program: string, component: string): Promise<void> {
      const ran = await runIn(process.execPath, [program], { REDIS_URL: gateway.redisUrl });
      expect(ran).toMatchObject({ code: 0, stderr: '', stdout: 'written 1\n' });
      const { stdout } = await asked('logs', '--component', component, '--json');
      expect(JSON.parse(stdout)).toMatchObject({ component, message: 'order placed', data: { order: 7 } });
    }

    test('figures, exports and imports work without the repository', async () => {
      await writeFile(join(folder, 'lines.ndjson'), '{"level":"warn","msg":"disk is filling up"}\n');
      expect((await asked('import', 'lines.ndjson')).stdout).toMatch(
        /^1 lines? read, 1 imported, 0 refused\n/,
      );
      expect((await asked('export', '--q', 'filling')).stdout).toContain('disk is filling up');
      const { code, stderr } = await asked('doctor');
      // npm warns of settings that pnpm hands on to what it runs.
      expect({ code, stderr: stderr.replace(/^npm warn .*\n/gm, '') }).toEqual({ code: 0, stderr: '' });
      expect((await asked('completion', 'bash')).stdout).toContain(
        'complete -o default -F _tailrace tailrace',
      );
      expect((await asked('stats')).stdout).toMatch(/^Entries +[1-9]/m);
    });

    test('SIGTERM to npx ends it, and the engine with it', async () => {
      gateway.process.kill('SIGTERM');
      await gateway.exited;
      const isGone = async () => (await tailrace(['logs', '--url', gateway.url])).stderr;
      await expect.poll(isGone, { timeout: 20_000 }).toContain('no gateway answers');
    });
  });
});

function serviceText(component: string, way: 'import' | 'require'): string {
  const names = '{ close, log_info }';
  const imported = {
    import: `import ${names} from '@tailrace/logger';`,
    require: `const ${names} = require('@tailrace/logger');`,
  }[way];
  return [
    imported,
    `log_info('order placed', { component: '${component}', order: 7 });`,
    `close().then(({ written }) => console.log('written', written));`,
  ].join('\n');
}
