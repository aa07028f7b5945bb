import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** A process of its own that runs `script`, from where '@tailrace/embedded' resolves. */
function runParent(script: string): {
  parent: ChildProcess;
  printed: () => string;
  exit: Promise<unknown[]>;
} {
  const program = `import { startEmbeddedEngine } from '@tailrace/embedded';\n${script}`;
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [parent.stdout, parent.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  return { parent, printed: () => printed, exit: once(parent, 'close') };
}

/** The pid that the parent printed. */
async function enginePid(run: ReturnType<typeof runParent>): Promise<number> {
  while (!run.printed().includes('\n')) await once(run.parent.stdout as NodeJS.ReadableStream, 'data');
  return Number.parseInt(run.printed(), 10);
}

async function untilGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('the engine process', () => {
  it('ends when its parent is killed', async () => {
    const run = runParent(`
      const engine = await startEmbeddedEngine();
      console.log(engine.pid);
      setInterval(() => {}, 1000);`);
    const pid = await enginePid(run);
    run.parent.kill('SIGKILL');
    await run.exit;
    await untilGone(pid);
  });

  it('does not keep a finished parent alive, and ends with it', async () => {
    const run = runParent('console.log((await startEmbeddedEngine()).pid);');
    const [code] = await run.exit;
    expect(code).toBe(0);
    await untilGone(await enginePid(run));
  });

  it('ends before the parent does when stop() is the last thing the parent awaits', async () => {
    const run = runParent(`
      const engine = await startEmbeddedEngine();
      await engine.stop();
      try { process.kill(engine.pid, 0); } catch (error) { console.log(error.code); }`);
    const [code] = await run.exit;
    expect(run.printed()).toBe('ESRCH\n');
    expect(code).toBe(0);
  });

  it('prints nothing on the terminal of its parent', async () => {
    const run = runParent('await (await startEmbeddedEngine()).stop();');
    const [code] = await run.exit;
    expect(run.printed()).toBe('');
    expect(code).toBe(0);
  });
});
