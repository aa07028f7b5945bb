import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { runProcess } from './testing/finished-process.js';
import { readPage } from './testing/gateway-client.js';
import { startGatewayProcess } from './testing/gateway-process.js';
import { GATEWAY_MAIN, pnpmCommand, repositoryPath } from './testing/repository.js';
import { environmentWith } from './testing/settings.js';

describe('a start that works', () => {
  test('says where it listens, what holds the data and for how long, and three commands to try', async () => {
    const gateway = await startGatewayProcess();
    await gateway.stop();
    expect(gateway.banner).toMatch(/^Tailrace \d+\.\d+\.\d+\n {2}listens on +http:\/\/127\.0\.0\.1:\d+\n/);
    expect(gateway.banner).toMatch(/data in +Valkey \d+\.\d+\.\d+, embedded: in memory/);
    expect(gateway.banner.match(/^ {2}TAILRACE_URL=\S+ npx -y pnpm@10 \S+/gm)).toHaveLength(3);
  });
});

describe('a start that cannot work says so in one line that names the setting, with exit code 1', () => {
  const start = (settings: Record<string, string>) =>
    runProcess(process.execPath, [GATEWAY_MAIN], {
      env: environmentWith({ PORT: '0', ENGINE_PORT: '0', ...settings }),
    });

  async function expectRefusal(settings: Record<string, string>, name: string): Promise<void> {
    const { code, stdout, stderr } = await start(settings);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^tailrace gateway: .+\n$/);
    expect(stderr).toContain(name);
    expect(stderr).not.toMatch(/\bat .+:\d+:\d+/);
  }

  test.each([
    ['PORT', '70000'],
    ['PORT', 'http'],
    ['HOST', '0.0.0.0'],
    ['HOST', 'example.invalid'],
    ['REDIS_URL', 'redis://127.0.0.1:1'],
    ['REDIS_URL', '127.0.0.1:6379'],
    ['KEY_PREFIX', 'a{b}'],
    ['ENGINE_PORT', '-1'],
    ['LOG_RETENTION_DAYS', 'requests=0'],
    ['ALLOW_REMOTE', 'perhaps'],
  ])('%s=%s', (name, value) => expectRefusal({ [name]: value }, name));

  test('PORT in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = String((server.address() as AddressInfo).port);
    await expectRefusal({ PORT: port }, `PORT ${port}`);
    server.close();
  });
});

describe('pnpm start', () => {
  let group: number | undefined;
  afterEach(() => {
    if (group !== undefined && isRunning(group)) process.kill(-group, 'SIGKILL');
  });

  // Ctrl-C reaches every process of the terminal; a supervisor ends the one it started.
  test.each([
    { signal: 'SIGINT', to: 'all processes' },
    { signal: 'SIGTERM', to: 'all processes' },
    { signal: 'SIGTERM', to: 'pnpm alone' },
  ] as const)(
    'brings up a gateway that $signal to $to ends, with exit code 0 and nothing left',
    async ({ signal, to }) => {
      const [command, ...args] = pnpmCommand();
      const child = spawn(command, [...args, 'start'], {
        cwd: repositoryPath(''),
        env: environmentWith({ PORT: '0', ENGINE_PORT: '0' }),
        stdio: ['ignore', 'pipe', 'inherit'],
        detached: true,
      });
      group = child.pid as number;
      const exited = once(child, 'exit');
      let output = '';
      const url = await new Promise<string>((resolve, reject) => {
        child.stdout.on('data', (chunk: Buffer) => {
          output += chunk;
          const listens = /listens on +(\S+)\n.+Try.+\n\n$/s.exec(output)?.[1];
          if (listens !== undefined) resolve(listens);
        });
        void exited.then(() => reject(new Error(`it ended: ${output}`)));
      });
      expect((await readPage(url, '/logs')).count).toBe(0);
      process.kill(to === 'pnpm alone' ? group : -group, signal);
      expect(await exited).toEqual([0, null]);
      await expect.poll(() => isRunning(group as number), { timeout: 10_000 }).toBe(false);
    },
  );
});

function isRunning(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}
